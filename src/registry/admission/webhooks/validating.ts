import { validatingWebhookConfigurations } from '../../../resources/plain/admission.js';
import type { AdmissionPlugin } from '../admission.js';
import { heed, hooksOf, orFail, questionOf } from './hooks.js';
import { verdictOf } from './response.js';

/** Asks the webhooks that users configured whether a write is to be: all at once. */
export const validatingAdmissionWebhook: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',
  isConfigurable: true,
  validate(request, registry) {
    const concerned = hooksOf(registry, validatingWebhookConfigurations, request).flatMap(hook => {
      const found = questionOf(hook, request, registry);
      return found ? [{ hook, question: found.question }] : [];
    });
    if (concerned.length === 0) return undefined;
    const answers = registry.answersTo(concerned.map(({ question }) => question));
    concerned.forEach(({ hook, question }, i) => {
      const { apiVersion } = question.review;
      const verdict = orFail(hook, () => verdictOf(hook.name, answers[i]!, apiVersion, false));
      if (verdict) heed(hook, verdict, request);
    });
    return undefined;
  },
};
