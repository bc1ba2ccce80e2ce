// Inside the worker: the engine itself. The first message is its packed WebAssembly, every other one a question.

import { call, explainJson, instantiate, SettingsError, settingsToJson, settingsToSql, timeline } from '../../../wasm/pkg/manual.js';
import { unpacked } from './unpack';

export type Question =
  | { verb: 'explain' | 'report'; settings: string; token: string; user: string; now: number }
  | { verb: 'to_sql' | 'to_json'; settings: string };

export type Answer =
  /** JSON texts, because a token may hold numbers that JavaScript's own cannot; `decoded` is there when `text` has no token. */
  | { kind: 'explanation'; text: string; decoded: string | null }
  | { kind: 'text'; text: string }
  | { kind: 'unusable' }
  | { kind: 'trap' };

const scope = self as unknown as { onmessage: unknown; postMessage: (answer: Answer) => void };

let started: Promise<void> | undefined;

scope.onmessage = async (event: MessageEvent<string | Question>) => {
  try {
    if (typeof event.data === 'string') {
      started = unpacked(event.data).then((program) => instantiate(program));
      return;
    }
    await started;
    scope.postMessage(answer(event.data));
  } catch {
    scope.postMessage({ kind: 'trap' });
  }
};

function answer(question: Question): Answer {
  switch (question.verb) {
    case 'explain': {
      const { settings, user, now } = question;
      const token = unbroken(question.token);
      const text = explainJson(settings, token, user, now);
      const decoded = JSON.parse(text).token ? null : call(JSON.stringify({ verb: 'decode', token }));
      return { kind: 'explanation', text, decoded };
    }
    case 'report': {
      const { settings, token, user, now } = question;
      return { kind: 'text', text: timeline(settings, unbroken(token), user, now, { redact: true }) };
    }
    case 'to_sql':
    case 'to_json':
      try {
        const convert = question.verb === 'to_sql' ? settingsToSql : settingsToJson;
        return { kind: 'text', text: convert(question.settings) };
      } catch (error) {
        if (error instanceof SettingsError) return { kind: 'unusable' };
        throw error;
      }
    default:
      throw new Error('no such question');
  }
}

/** The token without the one line break that copying leaves behind. */
function unbroken(token: string): string {
  return token.replace(/\r?\n$/, '');
}
