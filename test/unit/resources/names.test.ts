import { describe, expect, it } from 'vitest';
import { checkCidr, checkIp } from '../../../src/resources/validation/ip.js';
import {
  checkConfigKey,
  checkEnvName,
  checkLabel,
  checkLabel1035,
  checkLabelValue,
  checkPortName,
  checkQualifiedName,
  checkSubdomain,
} from '../../../src/resources/validation/names.js';

const RULES = {
  checkConfigKey,
  checkEnvName,
  checkLabel,
  checkLabel1035,
  checkLabelValue,
  checkPortName,
  checkQualifiedName,
  checkSubdomain,
  checkCidr,
  checkIp,
};
type Rule = keyof typeof RULES;

describe('forms of names', () => {
  const right: [Rule, string[]][] = [
    ['checkLabel', ['a', 'my-name', '123-abc', 'a'.repeat(63)]],
    ['checkLabel1035', ['a', 'abc-123']],
    ['checkSubdomain', ['a', 'example.com', '1.2.3', 'a'.repeat(253)]],
    ['checkLabelValue', ['', 'MyValue', 'my_value', '12345', '1.0']],
    ['checkQualifiedName', ['MyName', 'my.name', '123-abc', 'example.com/MyName']],
    ['checkConfigKey', ['key.name', 'KEY_NAME', '.hidden', 'a..b']],
    ['checkEnvName', ['MY_ENV.NAME', '1 A', 'a-b']],
    ['checkPortName', ['http', 'p-1', '8080a']],
    ['checkCidr', ['10.9.8.0/24', '2001:db8::/64', '0.0.0.0/0']],
    ['checkIp', ['10.9.8.7', '2001:db8::ffff']],
  ];
  it.each(right)('%s is content', (rule, names) => {
    for (const name of names) expect([name, RULES[rule](name)]).toEqual([name, []]);
  });

  const wrong: [Rule, string, RegExp[]][] = [
    ['checkLabel', '', [/^a lowercase RFC 1123 label must/]],
    ['checkLabel', 'a.b', [/^must not contain dots$/]],
    ['checkLabel', 'a'.repeat(64), [/^must be no more than 63 characters$/]],
    ['checkLabel1035', '1svc', [/^a DNS-1035 label must/]],
    ['checkSubdomain', 'a..b', [/^a lowercase RFC 1123 subdomain must/]],
    ['checkSubdomain', `${'a'.repeat(253)}A`, [/253 characters/, /subdomain/]],
    ['checkLabelValue', 'bad value', [/^a valid label must be an empty string or/]],
    ['checkLabelValue', 'a'.repeat(64), [/63 bytes/]],
    ['checkQualifiedName', '', [/^name part must be non-empty$/, /^name part must consist/]],
    ['checkQualifiedName', '/a', [/^prefix part must be non-empty$/]],
    ['checkQualifiedName', 'Ex/a', [/^prefix part a lowercase RFC 1123 subdomain/]],
    ['checkQualifiedName', 'a/b/c', [/^a qualified name must consist .* with an optional DNS subdomain prefix/]],
    ['checkConfigKey', '..', [/^must not be '\.\.'$/]],
    ['checkConfigKey', '..a', [/^must not start with '\.\.'$/]],
    ['checkEnvName', 'a=b', [/printable ASCII characters other than '='/]],
    ['checkEnvName', 'ä', [/printable ASCII/]],
    ['checkPortName', 'a--b', [/consecutive hyphens/]],
    ['checkPortName', '80', [/at least one letter/]],
    ['checkCidr', '10.0.0.0', [/valid CIDR/]],
    ['checkCidr', '10.0.0.0/33', [/valid CIDR/]],
    ['checkIp', '10.0.0', [/valid IP/]],
  ];
  it.each(wrong)('%s finds what is wrong with %j', (rule, name, problems) => {
    const found = RULES[rule](name);
    expect(found).toHaveLength(problems.length);
    problems.forEach((problem, i) => {
      expect(found[i]).toMatch(problem);
    });
  });

  it('lets the beginning of a generated name end in a dash', () => {
    expect(checkSubdomain('agent-', true)).toEqual([]);
    expect(checkSubdomain('agent-')).toHaveLength(1);
    expect(checkSubdomain('Agent-', true)).toHaveLength(1);
  });
});
