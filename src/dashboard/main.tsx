import { render } from 'preact';
import './style/colours.css';
import './style/base.css';
import './style/parts.css';
import { App } from './app.js';
import { keepFocus } from './shell/focus.js';

const page = document.getElementById('page')!;
render(<App />, page);
keepFocus(page);
