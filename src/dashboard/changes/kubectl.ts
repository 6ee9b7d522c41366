import { type Change, type Entry, told } from './change.js';

/** The same as kubectl does it. What kubectl cannot do (make machines) is a comment. */
export function kubectlOf(change: Change): string {
  const { verb, what } = told(change);
  switch (verb) {
    case 'apply':
      return `kubectl apply --server-side${what.force ? ' --force-conflicts' : ''} -f - <<'EOF'\n${what.manifests.trimEnd()}\nEOF`;
    case 'patch':
      return `${command('patch', what)} --type=${what.type.toLowerCase()} -p ${quoted(JSON.stringify(what.patch))}`;
    case 'delete':
      return [
        command('delete', what),
        what.gracePeriod !== undefined &&
          `--grace-period=${what.gracePeriod}${what.gracePeriod === 0 ? ' --force' : ''}`,
        what.propagation && `--cascade=${what.propagation.toLowerCase()}`,
      ]
        .filter(Boolean)
        .join(' ');
    case 'label':
      return `${command('label', what)} ${what.labels.map(entry).join(' ')}${overwrite(what.overwrite)}`;
    case 'annotate':
      return `${command('annotate', what)} ${what.annotations.map(entry).join(' ')}${overwrite(what.overwrite)}`;
    case 'taint':
      return `kubectl taint nodes ${quoted(what.node)} ${what.taints.map(quoted).join(' ')}${overwrite(what.overwrite)}`;
    case 'untaint':
      return `kubectl taint nodes ${quoted(what.node)} ${what.taints.map(taint => quoted(`${taint}-`)).join(' ')}`;
    case 'cordon':
    case 'uncordon':
      return `kubectl ${verb} ${quoted(what.node)}`;
    case 'drain':
      return [
        `kubectl drain ${quoted(what.node)} --ignore-daemonsets`,
        what.force && '--force',
        what.deleteEmptyDirData && '--delete-emptydir-data',
      ]
        .filter(Boolean)
        .join(' ');
    case 'restartRollout':
      return command('rollout restart', what);
    case 'undoRollout':
      return command('rollout undo', what) + (what.toRevision === undefined ? '' : ` --to-revision=${what.toRevision}`);
    case 'pauseRollout':
      return command('rollout pause', what);
    case 'resumeRollout':
      return command('rollout resume', what);
    case 'setImage':
      return `${command('set image', what)} ${quoted(`${what.container}=${what.image}`)}`;
    case 'scale':
      return `${command('scale', what)} --replicas=${what.replicas}`;
    case 'scaleNodes':
      return `# GraphQL: scaleNodes(pool: ${JSON.stringify(what.pool)}, ${
        what.add === undefined ? `remove: ${what.remove ?? 0}` : `add: ${what.add}`
      })`;
  }
}

const overwrite = (yes: boolean | undefined) => (yes ? ' --overwrite' : '');
const entry = ({ key, value }: Entry) => quoted(value === null ? `${key}-` : `${key}=${value}`);

function command(verb: string, { kind, namespace, name }: { kind: string; namespace?: string; name: string }): string {
  return `kubectl ${verb} ${kind.toLowerCase()}/${quoted(name)}${namespace && kind !== 'Node' ? ` -n ${quoted(namespace)}` : ''}`;
}

/** A word for a shell. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
