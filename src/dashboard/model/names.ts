const collator = new Intl.Collator('en', { numeric: true });

/** The order of names: `worker-2` comes before `worker-10`. */
export const compareNames = (a: string, b: string): number => collator.compare(a, b);
