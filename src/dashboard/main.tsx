import { render } from 'preact';
import './style/colours.css';
import './style/base.css';
import './style/parts.css';
import { App } from './app.js';

render(<App />, document.getElementById('page')!);
