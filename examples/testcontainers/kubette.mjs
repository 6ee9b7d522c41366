// A module for Testcontainers (npm install testcontainers): a cluster in a container, for tests that are to run with Docker alone.
import { GenericContainer, Wait } from 'testcontainers';

const PORT = 8001;

/** Starts a cluster; `kubeconfig` is the text of one for it. */
export async function startKubette({ image = 'kubette', options = ['--clock', 'virtual'] } = {}) {
  const container = await new GenericContainer(image)
    .withCommand(['--host', '0.0.0.0', '--in-memory', ...options])
    .withEnvironment({ KUBETTE_TOKEN: 'test' })
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forHealthCheck())
    .start();
  const { output } = await container.exec(['node', 'dist/cli/main.js', 'kubeconfig', '--print']);
  const url = `https://${container.getHost()}:${container.getMappedPort(PORT)}`;
  const kubeconfig = output.replace(/server: .*/, `server: ${url}`);
  return { url, kubeconfig, stop: () => container.stop() };
}
