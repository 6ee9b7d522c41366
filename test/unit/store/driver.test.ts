import { expect, it } from 'vitest';
import { driverProblem } from '../../../src/store/driver.js';

it.each([
  ['12.11.1', '20.20.2', '9', undefined],
  ['13.2.0', '20.20.2', '9', /needs Node 22.14 or newer, this is v20.20.2: install better-sqlite3@12/],
  ['12.11.1', '22.23.2', '10', undefined],
  ['13.2.0', '22.23.2', '10', undefined],
  ['12.11.1', '24.21.0', '10', /crashes on Node 24 and newer, this is v24.21.0: install better-sqlite3@13/],
  ['13.2.0', '26.10.0', '10', undefined],
])('better-sqlite3 %s on Node %s', (version, node, napi, problem) => {
  const found = driverProblem(version, { node, napi });
  if (problem) expect(found).toMatch(problem);
  else expect(found).toBeUndefined();
});
