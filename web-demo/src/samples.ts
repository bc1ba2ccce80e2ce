// The sample logins: their titles are a part of the page, the rest comes when one is chosen.

import opening from 'virtual:opening';
import type { Decision } from './engine/document';

export interface Sample {
  id: string;
  group: string;
  title: string;
  settings: string;
  token: string;
  user: string;
  now: number;
  expect: { decision: string; code: string | null };
}

export interface Title {
  id: string;
  group: string;
  title: string;
  decision: Decision;
}

/** The titles in their groups. */
export const groups: [string, Title[]][] = [...new Set(opening.titles.map((title) => title.group))].map((group) => [
  group,
  opening.titles.filter((title) => title.group === group),
]);

/** One sample, whole. */
export async function sample(id: string): Promise<Sample | undefined> {
  return id === opening.sample.id ? opening.sample : (await all()).find((candidate) => candidate.id === id);
}

export async function all(): Promise<Sample[]> {
  return (await import('./samples.json')).default;
}
