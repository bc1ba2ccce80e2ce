// The engine in a worker of its own: it can be busy or break without the page doing either. One question at a time; of
// questions that wait only the newest is asked.

import type { Answer, Question } from './worker';
import EngineWorker from './worker?worker&inline';

export type Failure = 'stopped' | 'slow' | 'unstarted';

/** Longest that an answer may take before the worker is replaced, in milliseconds. */
const PATIENCE = 20_000;

export class EngineFailed extends Error {
  constructor(readonly failure: Failure) {
    super(SENTENCES[failure]);
  }
}

const SENTENCES: Record<Failure, string> = {
  stopped: 'The engine stopped over this input: that is a bug in it, not in your settings. A fresh one is ready.',
  slow: 'The engine took longer than 20 seconds over this input, so it was stopped. A fresh one is ready.',
  unstarted: 'The engine does not start in this browser: it needs WebAssembly and workers.',
};

interface Waiting {
  question: Question;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

export class Engine {
  #worker: Promise<Worker | null> | null = null;
  #queue: Waiting[] = [];
  #current: Waiting | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #answered = false;

  /** The packed engine: a part of the page of its own, so that nothing is fetched for it. */
  readonly #packed = import('virtual:engine').then((module) => module.default);

  constructor() {
    void this.#started();
  }

  /** Asks; an `explain` that waits is dropped when a newer one comes, and never settles. */
  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (question.verb === 'explain') this.#queue = this.#queue.filter((waiting) => waiting.question.verb !== 'explain');
      this.#queue.push({ question, resolve, reject });
      void this.#next();
    });
  }

  async #next(): Promise<void> {
    if (this.#current || this.#queue.length === 0) return;
    const waiting = this.#queue.shift() as Waiting;
    this.#current = waiting;
    const worker = await this.#started();
    // A worker that never came has been answered for.
    if (!worker || this.#current !== waiting) return;
    this.#timer = setTimeout(() => this.#failed('slow'), PATIENCE);
    worker.postMessage(waiting.question);
  }

  #started(): Promise<Worker | null> {
    this.#worker ??= this.#start().catch(() => {
      this.#failed('unstarted');
      return null;
    });
    return this.#worker;
  }

  async #start(): Promise<Worker> {
    const packed = await this.#packed;
    const worker = new EngineWorker();
    worker.addEventListener('message', (event: MessageEvent<Answer>) => {
      clearTimeout(this.#timer);
      this.#answered = true;
      if (event.data.kind === 'trap') return this.#failed('stopped');
      const done = this.#current;
      this.#current = null;
      done?.resolve(event.data);
      void this.#next();
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#failed(this.#answered ? 'stopped' : 'unstarted');
    });
    worker.postMessage(packed);
    return worker;
  }

  /** Puts a fresh worker in the place of one that broke. */
  #failed(failure: Failure): void {
    clearTimeout(this.#timer);
    void this.#worker?.then((worker) => worker?.terminate());
    this.#worker = null;
    const lost = this.#current;
    this.#current = null;
    lost?.reject(new EngineFailed(failure));
    void this.#next();
  }
}
