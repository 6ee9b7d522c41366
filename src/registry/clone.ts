export { cloneJson, equalJson } from '../resources/json.js';
