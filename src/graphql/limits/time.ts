import { GraphQLError, type GraphQLFieldResolver, type GraphQLFormattedError } from 'graphql';
import type { Deadline } from '../../clock/deadline.js';

const CODE = 'REQUEST_TIMEOUT';

/** The error for a request that took too long. */
const tooLong = ({ ms }: Deadline): GraphQLError =>
  new GraphQLError(
    `The request took longer than ${ms / 1000} seconds, and was given up. Ask for smaller pages, or for less of each object.`,
    { extensions: { code: CODE, limit: ms } },
  );

/** @throws GraphQLError once the time of a request is over */
export function checkTime(deadline: Deadline | undefined): void {
  if (deadline?.passed) throw tooLong(deadline);
}

/** A resolver that is not asked any more once the time of its request is over. */
export function inTime<Source, Context extends { readonly deadline?: Deadline | undefined }>(
  resolve: GraphQLFieldResolver<Source, Context>,
): GraphQLFieldResolver<Source, Context> {
  return (source, args, context, info) => {
    checkTime(context?.deadline);
    return resolve(source, args, context, info);
  };
}

/** The errors of a request, in which it is said once that it took too long, and each time what was done before that. */
export function withOneTimeError(errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[] {
  const isLate = ({ extensions }: GraphQLFormattedError) => extensions?.code === CODE;
  const tells = ({ extensions }: GraphQLFormattedError) => extensions?.done !== undefined;
  const kept = errors.find(error => isLate(error) && tells(error)) ?? errors.find(isLate);
  return errors.filter(error => !isLate(error) || tells(error) || error === kept);
}
