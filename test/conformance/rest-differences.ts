/** Differences from the recorded answers that are right, with the reason in differences.md. Scenario → patterns of the differences. */
export const REST_DIFFERENCES: Readonly<Record<string, readonly RegExp[]>> = {
  'apply-nothing': [
    // Who comes to own what is there already has no time, and so comes first.
    /^\/13\/body\/metadata\.managedFields\//,
    /^\/15\/body\/metadata\.managedFields\/0\/time: want "<time>" got nothing/,
  ],
  'custom-definitions': [/^\/6\/(message|causes\/0): want .*Invalid value: \\"null\\": .* got .*Invalid value: null: /],
  'custom-objects': [
    /^\/7\/message: want .*unmarshalerDecoder: (Object 'Kind' is missing in '.*'), error found .* got .*: Object 'Kind' is missing in '/,
    /managedFields\/\d\/fieldsV1\/f:status: want \{"\.":\{\},"f:replicas":\{\}\} got nothing/,
    /^\/17\/(message|causes\/0): want .*Invalid value: 0x0: .* got .*Invalid value: 0: /,
  ],
  crud: [
    /\/ca\.crt: want "-----BEGIN CERTIFICATE-----/,
    /\/metadata\/annotations: want nothing got \{"kubernetes\.io\/description"/,
  ],
  deletion: [
    /^\/8\/(message|causes\/0): want .*\[\]string\{.* got .*\[\\"\\"\]/,
    /^\/10\/causes\/1: want .* got nothing/,
  ],
  'dry-run-verbs': [
    /^\/8\/(message|causes\/\d): want .*metadata\.namespace.* got |^\/8\/causes\/1: want .* got nothing/,
    /^\/13\/(message|causes\/0): want .*\[\]string\{.*got .*\[\\"Some\\"\]/,
  ],
  'dry-run': [/^\/7\/(message|causes\/0): want .*\[\]string\{.*got .*\[\\"Some\\"\]/],
  'field-owners': [
    /f:internalTrafficPolicy: want nothing got \{\}/,
    /f:rollingUpdate\/f:maxSurge: want nothing got \{\}/,
    /^\/2\/body\/metadata\.managedFields\/0\/fieldsV1\/f:status: want \{"f:phase":\{\}\} got nothing/,
  ],
  identity: [
    /^\/16\/(message|causes\/0): want .*Invalid value: 2001-01-01 00:00:00 \+0000 UTC: .* got .*Invalid value: \\"/,
    /^\/1[67]\/causes\/1: want .* got nothing/,
  ],
  namespaces: [/^\/0\/body\/metadata\.labels: want nothing got \{"kubernetes\.io\/metadata\.name":"short-lived"\}/],
  'patch-strategic': [
    /^\/12\/(message|causes\/1): want .*map\[string\]string\{.* got .*Invalid value: \{\\"app\\":\\"agent\\"\}/,
    /^\/12\/causes\/2: want .*does not match template `labels`" got nothing/,
    /^\/12\/causes\/0: want .*v1\.LabelSelector\{.* got .*\{\\"matchLabels\\":\{\\"app\\":\\"other\\"\}\}: field is immutable/,
  ],
  selectors: [
    /^\/(14|17|20)\/message: want .*expected: '=', '!=', '==', 'in', notin'" got .*expected: in, notin, =, ==, !=, gt, lt"/,
  ],
  'status-codes': [
    /^\/14\/status: want 500 got 400/,
    /^\/14\/message: want "(resourceVersion: .*)" got "invalid resource version: \1"/,
    /^\/14\/reason: want nothing got "BadRequest"/,
  ],
  table: [
    /^\/12\/message: want "406: Not Acceptable" got "406: Not Acceptable\\n\\nAvailable representations: /,
    /^\/2\/body\/columnDefinitions\.type\/3: want "integer" got "string"/,
  ],
  'write-parameters': [
    /^\/[012]\/(message|causes\/\d): want .*\[\]string\{.* got .*Unsupported value: \[/,
    /^\/[23]\/(message|causes\/\d): want .*must have at most 128 bytes.* got .*may not be more than 128 bytes/,
    /^\/4\/(message|causes\/\d): want .*\\x00b.* got .*\\u0000b/,
  ],
};
