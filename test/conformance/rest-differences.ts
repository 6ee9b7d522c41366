/** Differences from the recorded answers that are right, with the reason in differences.md. Scenario → patterns of the differences. */
export const REST_DIFFERENCES: Readonly<Record<string, readonly RegExp[]>> = {
  crud: [
    /\/ca\.crt: want "-----BEGIN CERTIFICATE-----/,
    /\/metadata\/annotations: want nothing got \{"kubernetes\.io\/description"/,
  ],
  'dry-run': [/^\/7\/(message|causes\/0): want .*\[\]string\{.*got .*\[\\"Some\\"\]/],
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
  table: [/^\/2\/body\/columnDefinitions\.type\/3: want "integer" got "string"/],
};
