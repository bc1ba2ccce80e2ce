// Inside the worker: the engine itself. The first message is its packed WebAssembly, every other one a question.

import {
  explainMarked,
  instantiate,
  profileRange,
  SettingsError,
  settingsToJson,
  settingsToSql,
  timeline,
} from '../../../wasm/pkg/manual.js';
import type { Marks, Profile } from './document';
import { withProfile } from '../logic/profile';
import { unpacked } from './unpack';

export type Question =
  | { verb: 'explain' | 'report'; settings: string; token: string; user: string; now: number }
  | { verb: 'to_sql' | 'to_json'; settings: string }
  | { verb: 'with_profile'; settings: string; profile: Profile };

export type Answer =
  /** The document as JSON text, because a token may hold numbers that JavaScript's own cannot. */
  | { kind: 'explanation'; text: string; marks: Marks }
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
      const { settings, token, user, now } = question;
      const { json, marks } = explainMarked(settings, unbroken(token), user, now);
      return { kind: 'explanation', text: json, marks };
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
    case 'with_profile': {
      const { settings, profile } = question;
      return { kind: 'text', text: withProfile(settings, profile, profileRange(settings)) };
    }
    default:
      throw new Error('no such question');
  }
}

/** The token without the one line break that copying leaves behind. */
function unbroken(token: string): string {
  return token.replace(/\r?\n$/, '');
}
