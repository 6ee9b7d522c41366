// Expected values are worked out from the documentation of Go's text/template and fmt, and of sprig.
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/clock/random.js';
import { type Environment, Template } from '../../../../src/resources/templates/template.js';

const environment = (): Environment => ({
  now: Date.UTC(2025, 0, 2, 3, 4, 5, 120),
  startTime: Date.UTC(2025, 0, 1),
  dice: new Random('x'),
  version: 'v1',
  yaml: value => `${JSON.stringify(value)}\n`,
  nodeIP: node => `ip of ${node ?? 'its node'}`,
  nodeName: () => 'node-1',
  nodePort: () => 10250,
  podIP: (node, host) => `pod ip on ${node}${host ? ' (host)' : ''}`,
});

const POD = {
  metadata: { name: 'web', labels: { b: '2', a: '1' }, annotations: { 'x.io/y': 'z' } },
  spec: {
    containers: [
      { name: 'one', image: 'i:1' },
      { name: 'two', image: 'i:2' },
    ],
    replicas: 3,
    half: 0.5,
    off: false,
  },
  empty: { list: [], map: {}, text: '' },
};

const render = (source: string, data: unknown = POD) => new Template(source).render(data, environment());

describe('a template', () => {
  it.each([
    ['plain text', 'plain text'],
    ['{{ .metadata.name }}', 'web'],
    ['{{ .spec.replicas }} {{ .spec.half }} {{ .spec.off }}', '3 0.5 false'],
    ['{{ .metadata.labels }}', 'map[a:1 b:2]'],
    ['{{ .spec.missing }}', '<no value>'],
    ['{{ .spec.missing.further.down }}', '<no value>'],
    ['{{ print .spec.missing }}', '<nil>'],
    ['{{ index .metadata.annotations "x.io/y" }}', 'z'],
    ['{{ (index .spec.containers 1).name }}', 'two'],
    ['{{ index .spec.containers 0 "name" }}', 'one'],
    ['{{ $.metadata.name }}', 'web'],
    // Trim markers and comments
    ['a {{- 1 -}} b', 'a1b'],
    ['a\n{{/* nothing */ -}}\n  b', 'a\nb'],
    ['{{ 3 }}{{ -3 }}{{ 0x10 }}{{ 1_000 }}{{ 010 }}', '3-31610008'],
    ['{{ \'a\' }} {{ `raw\\n` }} {{ "tab\\t\\u0041" }}', '97 raw\\n tab\tA'],
    // Variables
    ['{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}', '2'],
    ['{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}', '21'],
    ['{{ $x := "a" | printf "%s-%s" "b" }}{{ $x }}', 'b-a'],
    // Conditions
    ['{{ if .empty.list }}y{{ else if .empty.map }}m{{ else }}n{{ end }}', 'n'],
    ['{{ if 0 }}y{{ else if "" }}m{{ else if .spec.off }}f{{ else if 0.0 }}z{{ else }}n{{ end }}', 'n'],
    ['{{ with .metadata }}{{ .name }} {{ $.spec.replicas }}{{ end }}', 'web 3'],
    ['{{ with $m := .metadata }}{{ $m.name }}{{ end }}', 'web'],
    ['{{ with .nothing }}y{{ else with .metadata }}{{ .name }}{{ else }}n{{ end }}', 'web'],
    ['{{ with .nothing }}y{{ else }}{{ .metadata.name }}{{ end }}', 'web'],
    // Ranges
    ['{{ range .spec.containers }}{{ .name }},{{ end }}', 'one,two,'],
    ['{{ range $c := .spec.containers }}{{ $c.name }}{{ end }}', 'onetwo'],
    ['{{ range $i, $c := .spec.containers }}{{ $i }}{{ $c.image }} {{ end }}', '0i:1 1i:2 '],
    ['{{ range $k, $v := .metadata.labels }}{{ $k }}={{ $v }};{{ end }}', 'a=1;b=2;'],
    ['{{ range .empty.list }}x{{ else }}none{{ end }}', 'none'],
    ['{{ range .nothing }}x{{ else }}none{{ end }}', 'none'],
    ['{{ range 3 }}{{ . }}{{ end }}', '012'],
    [
      '{{ range $i := until 5 }}{{ if eq $i 1 }}{{ continue }}{{ end }}{{ if eq $i 3 }}{{ break }}{{ end }}{{ $i }}{{ end }}',
      '02',
    ],
    ['{{ $last := "" }}{{ range .spec.containers }}{{ $last = .name }}{{ end }}{{ $last }}', 'two'],
    // Templates of their own
    ['{{ define "t" }}<{{ . }}>{{ end }}{{ template "t" .metadata.name }}{{ template "t" 1 }}', '<web><1>'],
    ['{{ block "b" .spec }}{{ .replicas }}{{ end }}', '3'],
    // Comparisons
    [
      '{{ eq 1 2 3 1 }} {{ ne "a" "b" }} {{ lt 1 2 }} {{ le 2 2 }} {{ gt "b" "a" }} {{ ge 1 2 }}',
      'true true true true true false',
    ],
    ['{{ eq .spec.missing "Always" }} {{ eq .spec.replicas 3 }}', 'false true'],
    ['{{ and 1 0 (index .nothing 1) }}{{ or 0 "x" (index .nothing 1) }}{{ not 0 }}', '0xtrue'],
    ['{{ or .nothing false }} {{ or .nothing .metadata.name "" }}', 'false web'],
    ['{{ len .spec.containers }}{{ len "äb" }}{{ len .metadata.labels }}', '232'],
    ['{{ slice "abcdef" 1 3 }}{{ slice .spec.containers 1 | len }}', 'bc1'],
    ['{{ print 1 2 "a" "b" 3 }}|{{ println 1 "a" }}', '1 2ab3|1 a\n'],
    ['{{ html "<a & \'b\'>" }} {{ js "it\'s" }} {{ urlquery "a b&c" }}', "&lt;a &amp; &#39;b&#39;&gt; it\\'s a+b%26c"],
    ['{{ print (now) }}', '2025-01-02 03:04:05.12 +0000 UTC'],
    [
      '{{ now.Unix }} {{ (now).Format "2006" }} {{ now | date "Mon, 02 Jan 06 15:04:05.000 MST" }}',
      '1735787045 2025 Thu, 02 Jan 25 03:04:05.120 UTC',
    ],
  ])('%s makes %s', (source, expected) => expect(render(source)).toBe(expected));

  it.each([
    ['%v %v %v %v', '1 "a" true nil', '1 a true <nil>'],
    [
      '%d %5d %-5d| %05d %+d %x %X %o %b %c',
      '42 42 42 42 42 255 255 8 5 65',
      '42    42 42   | 00042 +42 ff FF 10 101 A',
    ],
    ['%s %q %10s|%-6s|%.2s', '"a" "b\\n" "right" "left" "cut"', 'a "b\\n"      right|left  |cu'],
    ['%f %.2f %8.3f %e %g', '1.5 1.0 3.14159 1234.5 1e21', '1.500000 1.00    3.142 1.234500e+03 1e+21'],
    ['%t %T %T %T %%', 'true 1 "a" 1.5', 'true int string float64 %'],
    ['%d', '"a"', '%!d(string=a)'],
    ['%s', '1', '%!s(int=1)'],
    ['%d %d', '1', '1 %!d(MISSING)'],
    ['%d', '1 2', '1%!(EXTRA int=2)'],
    ['%[2]s %[1]s', '"a" "b"', 'b a'],
    ['%v', '1000000.0', '1e+06'],
    ['%v', '123.25', '123.25'],
    ['%*d', '5 1', '    1'],
    ['%x', '"hi"', '6869'],
    ['%v', '(list 1 "a" (dict "k" nil))', '[1 a map[k:<nil>]]'],
  ])('printf %j of %s makes %s', (pattern, args, expected) =>
    expect(render(`{{ printf ${JSON.stringify(pattern)} ${args} }}`)).toBe(expected),
  );
});

describe("sprig's functions", () => {
  it.each([
    ['add 1 2 3', '6'],
    ['add1 "4"', '5'],
    ['sub 5 7', '-2'],
    ['mul 2 3 4', '24'],
    ['div 7 2', '3'],
    ['mod -7 3', '-1'],
    ['max 1 5 3', '5'],
    ['min 2 1', '1'],
    ['int "12"', '12'],
    ['int "0x1f"', '31'],
    ['int "abc"', '0'],
    ['int64 3.9', '3'],
    ['float64 "1.50"', '1.5'],
    ['round 123.555555 3', '123.556'],
    ['floor 1.9', '1'],
    ['ceil 1.1', '2'],
    ['addf 1.5 2', '3.5'],
    ['default "d" .nothing', 'd'],
    ['default "d" ""', 'd'],
    ['default "d" 0', 'd'],
    ['default "d" "given"', 'given'],
    ['coalesce 0 "" "x"', 'x'],
    ['ternary "y" "n" true', 'y'],
    ['empty .nothing', 'true'],
    ['trim "  a "', 'a'],
    ['trimAll "$" "$5$"', '5'],
    ['trimSuffix "-" "a-"', 'a'],
    ['trimPrefix "v" "v1"', '1'],
    ['upper "a" | lower | title', 'A'],
    ['repeat 3 "ab"', 'ababab'],
    ['substr 1 3 "hello"', 'el'],
    ['trunc 3 "hello"', 'hel'],
    ['trunc -3 "hello"', 'llo'],
    ['contains "ell" "hello"', 'true'],
    ['hasPrefix "he" "hello"', 'true'],
    ['hasSuffix "he" "hello"', 'false'],
    ['quote "a" .nothing 1', '"a" "1"'],
    ['squote "a"', "'a'"],
    ['indent 2 "a\\nb"', '  a\n  b'],
    ['nindent 2 "a"', '\n  a'],
    ['replace "-" "_" "a-b-c"', 'a_b_c'],
    ['join "," (list "a" 1 true)', 'a,1,true'],
    ['(split "." "a.b")._1', 'b'],
    ['splitList "." "a.b"', '[a b]'],
    ['until 3', '[0 1 2]'],
    ['untilStep 3 0 -1', '[3 2 1]'],
    ['seq 3', '1 2 3'],
    ['seq 0 2 6', '0 2 4 6'],
    ['first (list 1 2 3)', '1'],
    ['last (list 1 2 3)', '3'],
    ['rest (list 1 2 3)', '[2 3]'],
    ['append (list 1) 2', '[1 2]'],
    ['has 2 (list 1 2)', 'true'],
    ['without (list 1 2 3) 2', '[1 3]'],
    ['uniq (list 1 1 2)', '[1 2]'],
    ['get (dict "a" 1) "a"', '1'],
    ['get (dict "a" 1) "b"', ''],
    ['hasKey (dict "a" 1) "b"', 'false'],
    ['keys (dict "b" 1 "a" 2)', '[a b]'],
    ['set (dict "a" 1) "b" 2', 'map[a:1 b:2]'],
    ['merge (dict "a" 1) (dict "a" 2 "b" 3)', 'map[a:1 b:3]'],
    ['dig "a" "b" "none" (dict "a" (dict "b" 1))', '1'],
    ['toJson (dict "b" (list 1 nil) "a" "<")', '{"a":"\\u003c","b":[1,null]}'],
    ['(fromJson "{\\"a\\":[1]}").a', '[1]'],
    ['b64enc "hi"', 'aGk='],
    ['b64dec "aGk="', 'hi'],
    ['sha256sum "a"', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['regexMatch "^a+$" "aaa"', 'true'],
    [`regexReplaceAll "a(x*)b" "-ab-axxb-" "\${1}W"`, '-W-xxW-'],
    ['kindOf .metadata', 'map'],
    ['toString 1.0', '1'],
    ['unixEpoch now', '1735787045'],
    ['now | dateModify "-1h" | date "15:04"', '02:04'],
  ])('%s is %s', (call, expected) => expect(render(`{{ ${call} }}`)).toBe(expected));

  it('draw from the dice that they are given', () => {
    const draw = '{{ randInt 0 1000 }} {{ randAlphaNum 8 }} {{ uuidv4 }}';
    expect(render(draw)).toBe(render(draw));
    expect(render('{{ randNumeric 6 }}')).toMatch(/^\d{6}$/);
  });
});

describe("kwok's functions", () => {
  it.each([
    ['Now', '2025-01-02T03:04:05.12Z'],
    ['StartTime', '2025-01-01T00:00:00Z'],
    ['Quote "a\\"b"', '"a\\"b"'],
    ['Quote 1', '"1"'],
    ['Quote .nothing', '"null"'],
    ['Quote .metadata.labels', '"{\\"a\\":\\"1\\",\\"b\\":\\"2\\"}"'],
    ['Version', 'v1'],
    ['NodeIP', 'ip of its node'],
    ['NodeIPWith "n"', 'ip of n'],
    ['NodePort', '10250'],
    ['NodeName', 'node-1'],
    ['PodIPWith "n" (or .nothing false) "" "" ""', 'pod ip on n'],
    ['(index NodeConditions 0).type', 'Ready'],
    ['YAML .metadata.labels', '{"b":"2","a":"1"}\n'],
    ['YAML .metadata.labels 1', '\n  {"b":"2","a":"1"}\n  '],
  ])('%s is %s', (call, expected) => expect(render(`{{ ${call} }}`)).toBe(expected));
});

describe('what is wrong with a template', () => {
  it.each([
    ['\n{{ nosuch 1 }}', 'template: :2: function "nosuch" not defined'],
    ['{{ $x }}', 'template: :1: undefined variable "$x"'],
    ['{{ if 1 }}', 'template: :1: unexpected EOF'],
    ['{{ end }}', 'template: :1: unexpected {{end}}'],
    ['{{ 1', 'template: :1: unclosed action'],
    ['{{ "a }}', 'template: :1: unterminated quoted string'],
    ['{{ (1 }}', 'template: :1: unclosed left paren'],
    ['{{ 1) }}', 'template: :1: unexpected right paren'],
    ['{{ break }}', 'template: :1: {{break}} outside {{range}}'],
    ['{{ }}', 'template: :1: missing value for command'],
    ['{{ if }}x{{ end }}', 'template: :1: missing value for if'],
    ['{{ 1 | 2 }}', 'template: :1: non executable command in pipeline stage 2'],
  ])('%j is refused when it is read: %s', (source, message) => expect(() => new Template(source)).toThrow(message));

  it.each([
    ['{{ .metadata.name.first }}', "template: :1: can't evaluate field first in type string"],
    ['\n{{ index .spec.containers 5 }}', 'template: :2: error calling index: index out of range: 5'],
    ['{{ index .nothing 0 }}', 'error calling index: index of untyped nil'],
    ['{{ eq 1 "a" }}', 'error calling eq: incompatible types for comparison'],
    ['{{ upper 1 }}', 'wrong type for value; expected string; got int'],
    ['{{ upper .nothing }}', 'invalid value; expected string'],
    ['{{ sub 1 }}', 'wrong number of args for sub: want 2 got 1'],
    ['{{ 1 2 }}', "can't give argument to non-function 1"],
    ['{{ .spec.replicas 2 }}', 'replicas has arguments but cannot be invoked as function'],
    ['{{ div 1 0 }}', 'integer divide by zero'],
    ['{{ fail "as said" }}', 'error calling fail: as said'],
    ['{{ template "none" }}', 'template "none" not defined'],
    ['{{ range "text" }}{{ end }}', "range can't iterate over text"],
    // What would go on for ever, or fill the memory
    ['{{ define "t" }}{{ template "t" }}{{ end }}{{ template "t" }}', 'exceeded maximum template depth'],
    ['{{ range until 50000 }}{{ range until 50000 }}x{{ end }}{{ end }}', 'it goes on for too long'],
    ['{{ repeat 100000000 "ab" }}', '100000000 is too many'],
    ['{{ until 100000000 }}', '100000000 is too many'],
    ['{{ printf "%100000000d" 1 }}', 'is too wide'],
    ['{{ $x := "aaaaaaaa" }}{{ range until 40 }}{{ $x = print $x $x }}{{ end }}', 'the text is too long'],
    ['{{ $x := list 1 }}{{ range until 40 }}{{ $x = list $x $x }}{{ end }}{{ toJson $x }}', 'the value is too large'],
  ])('%j fails: %s', (source, message) => expect(() => render(source)).toThrow(message));

  it('leaves the object as it is, whatever is set', () => {
    const data = { metadata: { labels: { a: '1' } } };
    expect(render('{{ $_ := set .metadata.labels "a" "2" }}{{ .metadata.labels.a }}', data)).toBe('2');
    expect(data.metadata.labels.a).toBe('1');
  });
});
