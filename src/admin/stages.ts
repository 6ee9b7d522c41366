import { Unmet } from '../faults/unmet.js';
import { StatusError } from '../registry/status.js';
import type { StageControl } from './control.js';
import type { AdminRoute } from './rest.js';
import { listOf, object, schemaOf } from './schemas.js';

const STAGES = {
  200: { description: 'The stages', schema: object({ stages: listOf(schemaOf('Stage')) }) },
};

/** `/_kubette/v1/stages`: how often each of kwok's stages was for an object, and was played. They are made as objects of their kind. */
export function stageRoutes(stages: StageControl): AdminRoute[] {
  return [
    {
      method: 'GET',
      path: ['stages'],
      doc: { summary: 'Tells of the stages that objects live by, and how often each was played', answers: STAGES },
      answer: () => ({ code: 200, body: { stages: stages.list() } }),
    },
    {
      method: 'GET',
      path: ['stages', '*'],
      doc: {
        summary: 'Tells of a stage, and how often it was played',
        parameters: { name: 'The name of the stage.' },
        answers: { 200: { description: 'The stage', schema: schemaOf('Stage') } },
      },
      answer(_, [name]) {
        const stage = stages.get(name!);
        if (!stage) throw StatusError.notFound({ group: '', plural: 'stages' }, name!);
        return { code: 200, body: stage };
      },
    },
    {
      method: 'POST',
      path: ['stages', 'verify'],
      doc: { summary: 'Answers 409 if there is a stage that was never played, and says why', answers: STAGES },
      answer() {
        try {
          stages.verify();
        } catch (error) {
          throw error instanceof Unmet ? new StatusError(409, 'Conflict', error.message) : error;
        }
        return { code: 200, body: { stages: stages.list() } };
      },
    },
  ];
}
