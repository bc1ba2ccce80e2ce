// What the page knows: the inputs, the engine's newest answer, and what somebody looks at.

import opening from 'virtual:opening';
import type { Engine, EngineFailed } from './engine/client';
import type { Judged, Profile } from './engine/document';
import type { Question } from './engine/worker';
import { GONE, isWhole, withOwn, type Change, type Half, type Inputs } from './inputs';
import { readDocument } from './logic/claims';
import { idle } from './logic/idle';
import { formOf, type Form } from './logic/profile';
import { all, sample, type Sample } from './samples';

/** Inputs longer than this wait longer before they are judged, so that typing stays smooth. */
const LONG = 100_000;

export interface Notice {
  text: string;
  good: boolean;
  /** The way back, where there is one: the notice then stays until somebody goes on. */
  undo?: () => void;
}

export class Session {
  settings = $state.raw('');
  token = $state.raw('');
  user = $state.raw('');
  /** The moment to judge at; null is the present. */
  moment = $state.raw<number | null>(null);
  present = $state.raw(Math.floor(Date.now() / 1000));
  judged = $state.raw<Judged | null>(null);
  trouble = $state.raw<string | null>(null);
  notice = $state.raw<Notice | null>(null);
  sample = $state.raw('');
  /** The check that somebody chose to look at. */
  chosen = $state.raw<string | null>(null);
  reveal = $state.raw(0);

  readonly now = $derived(this.moment ?? this.present);
  readonly form: Form = $derived(formOf(this.settings));
  readonly document = $derived(this.judged?.document);
  /** What is missing before there is anything to judge. */
  readonly missing = $derived.by((): 'both' | 'settings' | 'token' | null => {
    if (!this.judged) return null;
    const token = this.judged.token === '';
    if (this.judged.settings.trim() === '') return token ? 'both' : 'settings';
    return token && this.judged.document.reason?.code === 'token_empty' ? 'token' : null;
  });
  readonly check = $derived(this.missing ? this.chosen : this.chosen ?? this.judged?.document.reason?.check ?? null);

  #engine: Promise<Engine> | undefined;
  /** The sample whose halves stand here, edited or not; null once they are somebody's own. */
  #lent: Sample | null = null;
  /** What stood here before somebody's own text took the place of one half of a sample, as long as there is a way back. */
  #before: { inputs: Inputs; lent: Sample; sample: string; half: Half } | null = null;
  /** The same settings in both forms, so that switching there and back changes nothing. */
  #twin: { sql: string; json: string } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;

  /** Opens with a sample whose answer came with the page. */
  constructor() {
    this.#put(opening.sample);
    const { settings, token, user, now } = opening.sample;
    this.judged = { document: readDocument(opening.answer), marks: opening.marks, settings, token, user, now };
  }

  /** Fetches what the page needs sooner or later. */
  async prepare(): Promise<void> {
    await idle();
    await this.#started().catch(() => undefined);
    await idle();
    await all();
  }

  /** Judges the inputs once they rest; a passing second is judged at once. */
  judge(typed: boolean): void {
    clearTimeout(this.#timer);
    const { judged } = this;
    if (judged && !this.trouble && (['settings', 'token', 'user', 'now'] as const).every((name) => judged[name] === this[name])) return;
    const length = this.settings.length + this.token.length;
    const rest = !typed ? 0 : length > LONG ? 400 : 90;
    this.#timer = setTimeout(() => void this.#judge(), rest);
  }

  async #judge(): Promise<void> {
    const { settings, token, user, now } = this;
    try {
      const answer = await (await this.#started()).ask({ verb: 'explain', settings, token, user, now });
      if (answer.kind !== 'explanation') return;
      this.judged = { document: readDocument(answer.text), marks: answer.marks, settings, token, user, now };
      this.trouble = null;
    } catch (error) {
      this.trouble = isFailure(error) ? error.message : 'The engine could not be started in this browser.';
    }
  }

  async load(id: string): Promise<void> {
    this.sample = id;
    const found = await sample(id);
    // Somebody may have chosen another one meanwhile.
    if (found && this.sample === id) this.#put(found);
  }

  #put(found: Sample): void {
    const { settings, token, user, now } = found;
    this.#take({ settings, token, user, moment: now });
    this.sample = found.id;
    this.#lent = found;
    this.reveal += 1;
  }

  clear(): void {
    this.#take({ settings: '', token: '', user: '', moment: null });
    this.sample = '';
    this.#lent = null;
  }

  /** Takes settings and user that came with a link. */
  open(shared: { settings: string; user: string }): void {
    this.clear();
    this.settings = shared.settings;
    this.user = shared.user;
  }

  #take({ settings, token, user, moment }: Inputs): void {
    this.settings = settings;
    this.token = token;
    this.user = user;
    this.moment = moment;
    this.chosen = null;
    this.#twin = null;
    this.#forget();
  }

  /** Somebody edited one half, or put a text of their own in its place. */
  typed(half: Half, text: string, change: Change): void {
    // An editor's own way back, from the text that came or from the emptiness beside it, is the way back of both.
    if (change === 'undo' && text === this.#before?.inputs[half]) return this.#undo();
    if (change === 'replace' && this.#lent) return this.#replaced(this.#lent, half, text);
    if (this.#before && this.#before.half !== half) this.#forget();
    this[half] = text;
    if (half === 'token') {
      this.sample = '';
      this.chosen = null;
    }
  }

  #replaced(lent: Sample, half: Half, text: string): void {
    const { settings, token, user, moment } = this;
    const inputs = { settings, token, user, moment };
    // Somebody may have emptied the field first: the way back leads to what stood there.
    if (inputs[half].trim() === '') inputs[half] = lent[half];
    const sample = isWhole(inputs, lent) ? lent.id : this.sample;
    this.#take(withOwn(inputs, lent, half, text));
    this.sample = '';
    this.#lent = null;
    this.#before = { inputs, lent, sample, half };
    this.#show({ text: GONE[half], good: true, undo: () => this.#undo() });
  }

  /** Goes back to the sample as it stood. */
  #undo(): void {
    const before = this.#before;
    if (!before) return;
    this.#take(before.inputs);
    this.sample = before.sample;
    this.#lent = before.lent;
    this.reveal += 1;
  }

  /** From here on there is no way back. */
  #forget(): void {
    this.#before = null;
    if (this.notice?.undo) this.hush();
  }

  look(check: string): void {
    this.chosen = this.chosen === check ? null : check;
    this.reveal += 1;
  }

  say(text: string, good = true): void {
    this.#show({ text, good });
    this.#noticeTimer = setTimeout(() => this.hush(), 6000);
  }

  hush(): void {
    clearTimeout(this.#noticeTimer);
    this.notice = null;
  }

  #show(notice: Notice): void {
    clearTimeout(this.#noticeTimer);
    this.notice = notice;
  }

  /** Says whether something was copied. */
  copied(done: boolean, what: string): void {
    this.say(done ? `${what} copied.` : 'The browser does not let this page copy.', done);
  }

  /** Shows the settings in another form; they stay as they are where they cannot be read. */
  async turn(form: 'sql' | 'json'): Promise<void> {
    if (this.form === form) return;
    const before = this.settings;
    if (this.#twin && (before === this.#twin.sql || before === this.#twin.json)) {
      this.settings = this.#twin[form];
      return;
    }
    const text = await this.#converted(form);
    if (text === null || this.settings !== before) return;
    this.#twin = form === 'sql' ? { sql: text, json: before } : { sql: before, json: text };
    this.settings = text;
  }

  async choose(profile: Profile): Promise<void> {
    if (this.form === 'table') await this.turn('sql');
    const before = this.settings;
    const text = this.form === 'table' ? null : await this.#text({ verb: 'with_profile', settings: before, profile });
    if (text !== null && this.settings === before) this.settings = text;
  }

  /** The settings as SQL; null when they cannot be read, which is then said. */
  sql(): Promise<string | null> {
    return this.#converted('sql');
  }

  async report(): Promise<string | null> {
    const { settings, token, user, now } = this;
    return this.#text({ verb: 'report', settings, token, user, now });
  }

  async #converted(form: 'sql' | 'json'): Promise<string | null> {
    return this.#text({ verb: form === 'sql' ? 'to_sql' : 'to_json', settings: this.settings });
  }

  async #text(question: Question): Promise<string | null> {
    try {
      const answer = await (await this.#started()).ask(question);
      if (answer.kind === 'text') return answer.text;
      if (answer.kind === 'unusable') this.say('These settings cannot be read yet: the underlined place comes first.', false);
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    }
    return null;
  }

  /** The engine, which the page can be seen and read without. */
  #started(): Promise<Engine> {
    this.#engine ??= import('./engine/client').then(({ Engine }) => new Engine());
    return this.#engine;
  }
}

function isFailure(error: unknown): error is EngineFailed {
  return error instanceof Error && 'failure' in error;
}
