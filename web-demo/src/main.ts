import { hydrate, mount } from 'svelte';
import './styles/theme.css';
import './styles/base.css';
import './styles/controls.css';
import App from './App.svelte';

const target = document.getElementById('app');
// The build has written the opening page into the HTML; the dev server has not.
if (target) (target.firstElementChild ? hydrate : mount)(App, { target });
