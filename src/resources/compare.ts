/** Orders texts by code unit, which is the order of etcd's keys and of Go's strings; for `sort`. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
