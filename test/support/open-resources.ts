/** The runner of the tests has these too. */
const NOT_OURS = ['Immediate', 'MessagePort', 'PipeWrap'];

/** Sockets, servers, files, timers and the like that keep the process alive. */
export const openResources = (): string[] => process.getActiveResourcesInfo().filter(name => !NOT_OURS.includes(name));

/**
 * What is open that was not before: other tests of this process may have left something. Waits for what goes by itself: who is at the other end of
 * a connection hears of its end a little later. (While it looks no timer of its own is waiting, as one of `expect.poll` would.)
 */
export async function opened(before: readonly string[]): Promise<string[]> {
  for (let i = 0; i < 500 && openedNow(before).length > 0; i++) await new Promise(resolve => setTimeout(resolve, 20));
  return openedNow(before);
}

function openedNow(before: readonly string[]): string[] {
  const known = [...before];
  return openResources().filter(name => {
    const at = known.indexOf(name);
    if (at >= 0) known.splice(at, 1);
    return at < 0;
  });
}
