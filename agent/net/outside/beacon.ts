import { randomBytes } from "node:crypto";
import { type AddressInfo, createServer } from "node:net";
import { type Answer, type DoorFingerprint, success } from "../../model/index.ts";
import { networkFailure } from "../network-failure.ts";
import { bannerFingerprint } from "./door-fingerprint.ts";

const MAX_CONNECTIONS = 16;
const VISIT_MS = 2_000;

/** A door of our own that is open for the moment: whether it can be reached tells whether the router filters. */
export interface Beacon {
  readonly port: number;
  /** What whoever reached it must have seen; new each time. */
  readonly fingerprint: DoorFingerprint;
  close(): Promise<void>;
}

/** Opens it on one address of ours at a random port. It says one line to each visitor, reads nothing, and hangs up. */
export function openBeacon(address: string): Promise<Answer<Beacon>> {
  const banner = Buffer.from(`komainu ${randomBytes(16).toString("hex")}\r\n`);
  const server = createServer((visitor) => {
    visitor.on("error", () => visitor.destroy());
    visitor.setTimeout(VISIT_MS, () => visitor.destroy());
    visitor.end(banner);
    visitor.resume();
  });
  server.maxConnections = MAX_CONNECTIONS;
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(networkFailure(error)));
    server.listen({ host: address, port: 0 }, () =>
      resolve(
        success({
          port: (server.address() as AddressInfo).port,
          fingerprint: bannerFingerprint(banner),
          close: () => new Promise((closed) => server.close(() => closed())),
        }),
      ),
    );
  });
}
