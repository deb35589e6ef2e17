import { defineConfig } from "vitest/config";

// Three sets, one runner: `unit` needs nothing, `lan` needs unprivileged user namespaces, `browser` needs Chromium.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/*.test.ts", "test/unit/**/*.test.{ts,tsx}"],
          environment: "node",
          // A deadline for a hung test, not for a slow machine.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "lan",
          include: ["test/lan/**/*.test.ts"],
          environment: "node",
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/e2e/**/*.test.ts"],
          environment: "node",
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
