// The opening page as HTML: what the build writes into index.html.

import { render } from 'svelte/server';
import App from './App.svelte';

export function page(): string {
  return render(App).body;
}
