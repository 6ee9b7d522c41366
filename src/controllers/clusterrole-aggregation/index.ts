import { StatusError } from '../../registry/status.js';
import { equalJson } from '../../resources/json.js';
import { clusterRoles as roles } from '../../resources/plain/access.js';
import type { PolicyRule } from '../../resources/policy-rules.js';
import { labelSelectorMatcher } from '../../resources/selector.js';
import { type Controller, type ControllerContext, source } from '../runtime/types.js';

/** Upstream's controller applies what it found. */
const FIELD_MANAGER = 'clusterrole-aggregation-controller';

/** Writes into ClusterRoles with an `aggregationRule` the rules of all that it selects, each once, by the order of their names. */
export function clusterRoleAggregation({ registry }: ControllerContext): Controller {
  const aggregated = () => registry.all(roles).filter(({ object }) => object.aggregationRule);

  return {
    name: 'clusterrole-aggregation',
    // Any role may be part of any other.
    watches: [source(roles, () => aggregated().map(({ name }) => name))],
    async reconcile(name: string) {
      const role = registry.get(roles, '', name)?.object;
      const selectors = role?.aggregationRule?.clusterRoleSelectors?.map(labelSelectorMatcher);
      if (!role || !selectors) return;
      const rules: PolicyRule[] = [];
      for (const { object } of registry.all(roles)) {
        if (object.metadata.name === name || !selectors.some(s => s.matches(object.metadata.labels))) continue;
        for (const rule of object.rules ?? []) if (!rules.some(known => equalJson(known, rule))) rules.push(rule);
      }
      if (equalJson(rules, role.rules ?? [])) return;
      try {
        const body = { apiVersion: role.apiVersion, kind: role.kind, metadata: { name }, rules };
        await registry.patch(roles, '', name, { type: 'apply', body, force: true }, { fieldManager: FIELD_MANAGER });
      } catch (error) {
        if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Conflict')) throw error;
      }
    },
  };
}
