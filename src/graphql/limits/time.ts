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

/** Of the errors of a request that took too long the one that says so, since every field that was not asked any more has it; else undefined. */
export const timeError = (errors: readonly GraphQLFormattedError[] | undefined): GraphQLFormattedError | undefined =>
  errors?.find(({ extensions }) => extensions?.code === CODE);
