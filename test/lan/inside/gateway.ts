// What Komainu does on the router itself, one action a run: prints its answer as JSON.
// Usage: gateway.mjs '{"do":"read","miniupnpdLeases":"/run/…","dnsmasqLeases":"/run/…"}'

import {
  applyGuard,
  type GuardReading,
  guardInput,
  guardObstacle,
  guardRules,
  readGuard,
  removeGuard,
  syncGuard,
} from "../../../agent/mend/guard.ts";
import type { Answer, GatewayFact, GuardState, MendOutcome } from "../../../agent/model/index.ts";
import { USUAL_PATHS } from "../../../agent/net/gateway/lease-files.ts";
import { readGateway } from "../../../agent/net/gateway/read-gateway.ts";
import { isGateway, routerSeat } from "../../../agent/net/gateway/router.ts";
import { interfacesHere } from "../../../agent/net/interfaces.ts";

export type GatewayCommand =
  | { readonly do: "is-gateway" | "read-guard" | "remove-guard" | "obstacle" }
  | { readonly do: "read"; readonly miniupnpdLeases: string; readonly dnsmasqLeases: string }
  | { readonly do: "preview" | "apply-guard" | "sync-guard"; readonly cameras: readonly string[] };

/** What each action prints. */
export interface GatewayAnswers {
  readonly "is-gateway": boolean;
  readonly read: Answer<GatewayFact>;
  readonly "read-guard": Answer<GuardReading | null>;
  readonly obstacle: GuardState["because"];
  readonly preview: string;
  readonly "apply-guard": MendOutcome;
  readonly "remove-guard": MendOutcome;
  readonly "sync-guard": MendOutcome;
}

async function answer(command: GatewayCommand): Promise<GatewayAnswers[GatewayCommand["do"]]> {
  const seat = routerSeat();
  if (command.do === "is-gateway") return isGateway();
  if (command.do === "obstacle") return await guardObstacle();
  if (seat === null) throw new Error("this is no router");
  switch (command.do) {
    case "read": {
      const paths = {
        ...USUAL_PATHS,
        miniupnpdConfigs: [],
        miniupnpdLeases: [command.miniupnpdLeases],
        dnsmasqLeases: command.dnsmasqLeases,
      };
      return await readGateway({ seat, interfaces: interfacesHere(), now: Date.now(), paths });
    }
    case "preview":
      return guardRules(guardInput(command.cameras, seat));
    case "apply-guard":
      return await applyGuard(guardInput(command.cameras, seat));
    case "sync-guard":
      return await syncGuard(guardInput(command.cameras, seat));
    case "remove-guard":
      return await removeGuard();
    case "read-guard":
      return await readGuard();
  }
}

const command = JSON.parse(process.argv[2] ?? "") as GatewayCommand;
process.stdout.write(JSON.stringify(await answer(command)));
