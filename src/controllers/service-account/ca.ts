/**
 * The certificate that pods find in `kube-root-ca.crt` where the cluster was given no authority of its own. It has signed
 * nothing, and its key was never kept: no pod ever connects.
 */
export const CA_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBdTCCARqgAwIBAgIBATAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDAprdWJlcm5l
dGVzMCAXDTE0MDYwNjAwMDAwMFoYDzIxMTQwNjA2MDAwMDAwWjAVMRMwEQYDVQQD
DAprdWJlcm5ldGVzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAET8tqPJsdtx4o
nrBGn84PXfSNmsF5EtE7X1SeSVCISYh5r4ObSYls/c8FgMKt7snEBwdhHTtFIRJR
f+d+xwlE3KNZMFcwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAqQwHQYD
VR0OBBYEFN8rWjH8ashQRLwdv4EQ4dchFYyXMBUGA1UdEQQOMAyCCmt1YmVybmV0
ZXMwCgYIKoZIzj0EAwIDSQAwRgIhANeK9PdesXd6HaqXmtv5C854jLYRyE9FvNn6
28lmZw8oAiEAycxvB7xkfQcGoAxLIFi8OULG8DQq7rbAb/NISGK92y8=
-----END CERTIFICATE-----
`;
