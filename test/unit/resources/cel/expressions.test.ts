import { describe, expect, it } from 'vitest';
import { CelError, compile } from '../../../../src/resources/cel/program.js';
import { BOOL, type CelType, DYN, INT, listOf, mapOf, STRING } from '../../../../src/resources/cel/types.js';
import { type CelMap, MapValue, Uint, type Value } from '../../../../src/resources/cel/values.js';

const spec: CelType = {
  kind: 'object',
  name: 'Spec',
  fields: new Map<string, CelType>([
    ['name', STRING],
    ['replicas', INT],
    ['labels', mapOf(STRING, STRING)],
    ['ports', listOf(INT)],
    ['any', DYN],
    ['missing', STRING],
    ['maybe', BOOL],
  ]),
};
const VARIABLES = new Map([['self', spec]]);

function map(entries: Record<string, Value>): CelMap {
  const made = new MapValue();
  for (const [key, value] of Object.entries(entries)) made.set(key, value);
  return made;
}

const self = map({
  name: 'nginx-1',
  replicas: 3n,
  labels: map({ app: 'web', tier: 'front' }),
  ports: [80n, 443n],
  any: '25%',
});

function run(source: string): Value {
  return compile(source, VARIABLES).run([self], 1_000_000, () => {});
}

function failure(source: string): string {
  try {
    run(source);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

describe('expressions that hold', () => {
  it.each([
    // operators
    ['1 + 2 * 3 == 7'],
    ['(1 + 2) * 3 == 9 && 7 / 2 == 3 && -7 % 3 == -1'],
    ['1.5 + 1.0 == 2.5 && 2u + 3u == 5u'],
    ['!(1 > 2) && 1 < 2.5 && 2u >= 1'],
    ['"a" + "b" == "ab" && "a" < "b"'],
    ['-9223372036854775808 < 0'],
    ['0x10 == 16 && 1e3 == 1000.0'],
    ['self.replicas > 2 ? true : false'],
    ['[1, 2] + [3] == [1, 2, 3] && 2 in [1, 2] && !("x" in {"a": 1})'],
    ['{"a": 1, "b": 2} == {"b": 2, "a": 1}'],
    // strings
    [`'it\\'s' == "it's" && r'\\d' == '\\\\d' && '\\u00e9' == 'é' && """a"b""" == 'a"b'`],
    ['b"abc" == b"abc" && size(b"abc") == 3'],
    ['self.name.startsWith("nginx") && self.name.endsWith("1") && self.name.contains("x-")'],
    ['self.name.matches("^[a-z]+-[0-9]$") && !self.name.matches("^[[:digit:]]+$")'],
    ['size("héé🎉") == 4 && "héé🎉".charAt(3) == "🎉"'],
    ['"tacocat".indexOf("ac") == 1 && "tacocat".lastIndexOf("c") == 4 && "tacocat".indexOf("a", 3) == 5'],
    ['"tacocat".substring(1, 4) == "aco" && "tacocat".substring(4) == "cat"'],
    ['"Hello".lowerAscii() == "hello" && "Hello".upperAscii() == "HELLO" && " x ".trim() == "x"'],
    ['"a b a".replace("a", "$&") == "$& b $&" && "aaa".replace("a", "b", 2) == "bba"'],
    ['"a,b,c".split(",") == ["a", "b", "c"] && "a,b,c".split(",", 2) == ["a", "b,c"] && "ab".split("") == ["a", "b"]'],
    ['["a", "b"].join("-") == "a-b"'],
    ['"%s is %d, %.2f, %x".format(["a", 5, 1.0, 255]) == "a is 5, 1.00, ff"'],
    ['"abc 123 def 456".find("[0-9]+") == "123" && "1 22 3".findAll("[0-9]+", 2) == ["1", "22"]'],
    // fields, maps, macros
    ['has(self.name) && !has(self.missing) && has(self.labels.app) && !has(self.labels.none)'],
    ['self.labels["app"] == "web" && self.ports[1] == 443'],
    ['self.ports.all(p, p > 0) && self.ports.exists(p, p == 443) && self.ports.exists_one(p, p > 400)'],
    ['self.labels.all(k, k.size() > 2) && self.labels.exists(k, k == "app")'],
    ['self.ports.map(p, p * 2) == [160, 886] && self.ports.filter(p, p > 100) == [443]'],
    ['self.ports.map(p, p > 100, p + 1) == [444]'],
    ['[1, 2].all(x, [3, 4].all(y, x < y))'],
    ['["a", "b"].all(i, v, i < 2 && v != "c") && {"a": 1}.exists(k, v, k == "a" && v == 1)'],
    ['["a", "b"].transformList(i, v, string(i) + v) == ["0a", "1b"]'],
    ['{"a": 1}.transformMap(k, v, v + 1) == {"a": 2}'],
    // one side decides, even if the other one fails
    ['self.ports[9] == 1 || true'],
    ['!(false && self.ports[9] == 1)'],
    ['[0, 1].exists(x, 1 / x == 1)'],
    // dynamic values and types
    ['type(self.any) == string && (type(self.any) == int ? self.any < 5 : self.any.endsWith("%"))'],
    ['dyn(1) == 1.0 && type(1) == int && type([1]) == list && type({}) == map && type(null) == null_type'],
    ['int("12") == 12 && double("1.5") == 1.5 && string(12) == "12" && bool("true") && int(3.9) == 3'],
    ['string(dyn(b"x")) == "x" && uint(3) == 3u'],
    // optionals
    ['self.?name.orValue("x") == "nginx-1" && self.?missing.orValue("x") == "x"'],
    ['!self.?missing.hasValue() && self.?labels.?app.value() == "web"'],
    ['self.labels[?"none"].or(optional.of("y")).value() == "y"'],
    ['self.?name.optMap(n, n + "!").orValue("") == "nginx-1!"'],
    ['[?self.?missing, "b"] == ["b"] && {?"x": self.?missing} == {}'],
    ['optional.ofNonZeroValue("").hasValue() == false && optional.none() == optional.none()'],
    // time
    ['duration("1h30m") > duration("89m") && duration("90s").getMinutes() == 1 && string(duration("1.5s")) == "1.5s"'],
    ['timestamp("2024-02-29T10:20:30.5Z").getDayOfYear() == 59 && timestamp("2024-02-29T10:20:30Z").getHours() == 10'],
    ['timestamp("2024-01-01T23:00:00Z") + duration("2h") == timestamp("2024-01-02T02:00:00+01:00")'],
    ['timestamp("2024-01-01T00:00:00Z").getHours("America/New_York") == 19'],
    ['timestamp("2024-01-02T00:00:00Z") - timestamp("2024-01-01T00:00:00Z") == duration("24h")'],
    // lists and sets
    ['[1, 2, 2].isSorted() && [3, 1].min() == 1 && [3, 1].max() == 3 && [1, 2].sum() == 3'],
    ['["a", "b"].indexOf("b") == 1 && ["a", "a"].lastIndexOf("a") == 1 && [1].indexOf(2) == -1'],
    ['sets.contains([1, 2, 3], [2]) && sets.equivalent([1, 2], [2, 1, 1]) && sets.intersects([1], [1, 2])'],
    // Kubernetes' own
    ['url("https://user@example.com:80/a%20b?x=1&x=2#f").getHost() == "example.com:80"'],
    [
      'url("https://[::1]:80/a%20b?x=1&x=2").getHostname() == "::1" && url("https://h/a%20b").getEscapedPath() == "/a%20b"',
    ],
    ['url("/path").getScheme() == "" && url("https://h?x=1&x=2").getQuery() == {"x": ["1", "2"]}'],
    ['isURL("https://a") && !isURL("no") && !isURL("https://a:80:80/") && url("https://a:80").getPort() == "80"'],
    ['ip("192.168.0.1").family() == 4 && isIP("::1") && !isIP("::ffff:1.2.3.4") && !isIP("1.2.3")'],
    ['ip.isCanonical("2001:db8::abcd") && !ip.isCanonical("2001:DB8:0::ABCD")'],
    ['ip("127.0.0.1").isLoopback() && ip("::").isUnspecified() && ip("fe80::1").isLinkLocalUnicast()'],
    ['string(ip("2001:db8:0:0:1:0:0:1")) == "2001:db8::1:0:0:1"'],
    ['cidr("192.168.0.0/24").containsIP("192.168.0.77") && !cidr("192.168.0.0/24").containsIP(ip("192.168.1.0"))'],
    ['cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16") && cidr("10.1.2.3/8").masked() == cidr("10.0.0.0/8")'],
    ['cidr("10.0.0.0/8").prefixLength() == 8 && !isCIDR("10.0.0.0/33") && cidr("10.0.0.0/8").ip() == ip("10.0.0.0")'],
    ['quantity("1Gi").isGreaterThan(quantity("1G")) && quantity("500m").add(quantity("500m")) == quantity("1")'],
    ['quantity("50k").asInteger() == 50000 && !isQuantity("10 mb") && quantity("-1").sign() == -1'],
    ['quantity("1.5").asApproximateFloat() == 1.5 && quantity("2").sub(1).compareTo(quantity("1")) == 0'],
    ['semver("1.2.3").isLessThan(semver("1.10.0")) && isSemver("v1.2", true) && !isSemver("v1.2")'],
    ['semver("1.0.0-alpha").isLessThan(semver("1.0.0")) && semver("1.2.3").minor() == 2'],
    ['!format.dns1123Label().validate("my-name").hasValue() && format.dns1123Label().validate("My_Name").hasValue()'],
    ['format.named("uuid").hasValue() && !format.named("nothing").hasValue()'],
  ])('%s', source => {
    expect(run(source)).toBe(true);
  });
});

describe('expressions that fail', () => {
  it.each([
    ['self.ports[2] == 1', 'index out of bounds: 2'],
    ['self.labels["none"] == ""', 'no such key: none'],
    ['self.missing == ""', 'no such key: missing'],
    ['1 / (self.replicas - 3) == 0', 'division by zero'],
    ['self.replicas % 0 == 0', 'modulus by zero'],
    ['9223372036854775807 + self.replicas > 0', 'integer overflow'],
    ['self.any < 5', 'no such overload'],
    ['[0].all(x, 1 / x == 1)', 'division by zero'],
    ['optional.none().value() == 1', 'optional.none() dereference'],
    ['[].max() == 1', 'max called on empty list'],
    ['"a".substring(2) == ""', 'invalid substring range. start: 2, end: 1'],
    ['duration("5 minutes") == duration("5m")', `type conversion error from 'string' to 'google.protobuf.Duration'`],
  ])('%s: %s', (source, message) => {
    expect(failure(source)).toContain(message);
  });
});

describe('expressions that are refused', () => {
  it.each([
    ['self.nope == 1', `ERROR: <input>:1:5: undefined field 'nope'\n | self.nope == 1\n | ....^`],
    ['other == 1', `ERROR: <input>:1:1: undeclared reference to 'other' (in container '')\n | other == 1\n | ^`],
    ['self.name.nope()', `undeclared reference to 'nope' (in container '')`],
    ['self.name + 1 == ""', `1:11: found no matching overload for '_+_' applied to '(string, int)'`],
    ['self.replicas == "3"', `1:15: found no matching overload for '_==_' applied to '(int, string)'`],
    ['self.replicas.startsWith("x")', `found no matching overload for 'startsWith' applied to 'int.(string)'`],
    ['self.replicas && true', `found no matching overload for '_&&_' applied to '(int, bool)'`],
    ['self.ports["x"] == 1', `found no matching overload for '_[_]' applied to '(list(int), string)'`],
    ['[1, "a"] == []', `expected type 'int' but found 'string'`],
    [
      'self.name.all(c, true)',
      `expression of type 'string' cannot be range of a comprehension (must be list, map, or dynamic)`,
    ],
    ['self.replicas.foo == 1', `type 'int' does not support field selection`],
    ['true ? 1 : "a"', `found no matching overload for '_?_:_' applied to '(bool, int, string)'`],
    ['has(self)', 'invalid argument to has() macro'],
    ['self.ports.all(a.b, true)', 'argument must be a simple name'],
    ['self.name ==', `Syntax error: mismatched input '<EOF>' expecting`],
    ['self.name == "a" "b"', `Syntax error: mismatched input '"b"' expecting <EOF>`],
    ['self.name == "a', 'Syntax error: token recognition error at'],
    ['self.name # 1', `Syntax error: token recognition error at: '#'`],
    ['for == 1', 'reserved identifier: for'],
  ])('%s', (source, message) => {
    expect(() => compile(source, VARIABLES)).toThrow(CelError);
    expect(failure(source)).toContain(message);
  });

  it('tells of every problem at its place', () => {
    expect(failure('self.a == 1 &&\n  self.b == 2')).toBe(
      [
        `ERROR: <input>:1:5: undefined field 'a'\n | self.a == 1 &&\n | ....^`,
        `ERROR: <input>:2:7: undefined field 'b'\n |   self.b == 2\n | ......^`,
      ].join('\n'),
    );
  });

  it('does not recurse without end', () => {
    expect(failure(`${'('.repeat(1000)}1${')'.repeat(1000)} == 1`)).toContain('expression recursion limit exceeded');
    expect(failure(`${'!'.repeat(1000)}true`)).toContain('expression recursion limit exceeded');
  });
});

describe('what expressions cost', () => {
  const variables = new Map([['self', listOf({ ...STRING, max: 10 } as CelType, 1000)]]);
  const list = Array.from({ length: 1000 }, (_, i) => `item-${i}`);

  it('is bounded: an expression that goes on for too long is stopped', () => {
    const program = compile('self.all(a, self.all(b, self.all(c, a != "" || b != c)))', variables);
    let spent = 0;
    const attempt = () =>
      program.run([list], 100_000, cost => {
        spent = cost;
      });
    expect(attempt).toThrow('operation cancelled: actual cost limit exceeded');
    expect(spent).toBeGreaterThan(100_000);
    expect(spent).toBeLessThan(101_000);
  });

  it('is estimated from what variables can hold, and no less than it comes to', () => {
    for (const source of [
      'self.all(a, a != "")',
      'self.exists(a, a.contains("x"))',
      'self.map(a, a + "x").size() > 3',
    ]) {
      const program = compile(source, variables);
      let spent = 0;
      program.run([list], 1e9, cost => {
        spent = cost;
      });
      expect(program.maxCost).toBeGreaterThanOrEqual(spent);
    }
    const [once, nested] = ['self.all(a, a != "")', 'self.all(a, self.all(b, a != b))'].map(
      source => compile(source, variables).maxCost,
    );
    expect(nested).toBeGreaterThan(once! * 500);
  });

  it('knows which variables are looked at', () => {
    const both = new Map([...VARIABLES, ['oldSelf', spec]]);
    expect(compile('self.replicas > oldSelf.replicas', both).uses('oldSelf')).toBe(true);
    expect(compile('self.ports.all(oldSelf, oldSelf > 1)', both).uses('oldSelf')).toBe(false);
  });

  it('gives whole numbers, doubles and unsigned numbers types of their own', () => {
    expect(run('self.replicas')).toBe(3n);
    expect(run('1.0')).toBe(1);
    expect(run('1u')).toEqual(new Uint(1n));
  });
});
