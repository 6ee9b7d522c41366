# Builds Kubette and keeps only what it takes to run it.
FROM node:20-bookworm AS build
WORKDIR /kubette
COPY package.json package-lock.json ./
# Without lifecycle scripts first, so that this layer changes only with the dependencies; then the one that compiles.
RUN npm ci --ignore-scripts && npm rebuild better-sqlite3
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:20-bookworm-slim
LABEL org.opencontainers.image.title="Kubette" \
      org.opencontainers.image.description="A scale model of a Kubernetes cluster in one process" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /kubette
COPY --from=build /kubette/package.json /kubette/LICENSE /kubette/NOTICE ./
COPY --from=build /kubette/node_modules ./node_modules
COPY --from=build /kubette/dist ./dist
COPY --from=build /kubette/data ./data
COPY --from=build /kubette/migrations ./migrations
COPY --from=build /kubette/schema ./schema
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8001
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
  CMD ["node", "-e", "require('https').get({ port: 8001, path: '/readyz', rejectUnauthorized: false }, r => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["--host", "0.0.0.0", "--data", "/data/kubette.db"]
