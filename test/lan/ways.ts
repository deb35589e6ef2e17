import type { PathGround } from "../../agent/model/index.ts";
import { BIN, type Lan } from "./lan.ts";
import type { ManualForward } from "./packet-filters.ts";
import type { TruePath } from "./reach-truth.ts";
import { mapPorts, openPinhole } from "./router.ts";
import { mapPortsAtSecond } from "./second-router.ts";
import { globalOf, ROUTER, SECOND_ROUTER } from "./topology.ts";

/** One way in from the Internet, and where the outside host finds it open. */
interface AnyWay {
  readonly name: string;
  /** What a perfect scan says of it; empty for what nobody can know there. */
  readonly paths: readonly TruePath[];
  /** Whether the outside host gets through to the door behind it. */
  isOpen(lan: Lan): Promise<boolean>;
}
/** A real client on the LAN opens it. */
export interface ClientsWay extends AnyWay {
  open(lan: Lan): Promise<void>;
}
/** The owner makes it in the router's own page. */
export interface OwnersWay extends AnyWay {
  forwardOn(lan: Lan): ManualForward;
}
export type Way = ClientsWay | OwnersWay;

interface Door {
  /** Name of a cast member; `agent` for Komainu's own machine. */
  readonly device: string;
  readonly port: number;
}

function addressOf(lan: Lan, device: string): string {
  return device === lan.agent.name ? lan.agent.address : lan.host(device).address;
}

function known(path: TruePath): readonly TruePath[] {
  return path.grounds.length === 0 ? [] : [path];
}

async function isReached(lan: Lan, port: number, address?: string): Promise<boolean> {
  return (await lan.outside.connect(port, null, address)).connected;
}

interface MappingOptions {
  /** Default: the home router. */
  readonly at?: "first" | "second";
  /** How a scan may know of it. Default: the router lists it. */
  readonly grounds?: readonly PathGround[];
}

/** The device asks the router for a port mapping, as cameras with "UPnP port forwarding" do. */
export function mapping(externalPort: number, door: Door, options: MappingOptions = {}): ClientsWay {
  const { at = "first", grounds = ["listed"] } = options;
  return {
    name: `UPnP mapping ${externalPort} to ${door.device}`,
    paths: known({ family: 4, externalPort, leadsTo: [door.device], internalPort: door.port, grounds }),
    async open(lan) {
      const request = {
        protocol: "TCP",
        externalPort,
        internalClient: addressOf(lan, door.device),
        internalPort: door.port,
        description: `<${door.device}>`,
      } as const;
      if (at === "first") await mapPorts(lan.world, BIN, [request], door.device);
      else await mapPortsAtSecond(lan.world, BIN, [request], door.device);
    },
    isOpen: (lan) => isReached(lan, externalPort, at === "first" ? ROUTER.wan : SECOND_ROUTER.wan),
  };
}

/** The device asks the router to let IPv6 connections to one of its ports through. No list says whose it is. */
export function pinhole(door: Door): ClientsWay {
  const addressOn = (lan: Lan) => globalOf(lan.host(door.device).member);
  return {
    name: `IPv6 pinhole to ${door.device}`,
    paths: [{ family: 6, externalPort: null, leadsTo: [], internalPort: null, grounds: ["listed"] }],
    async open(lan) {
      const request = { protocol: "TCP", internalClient: addressOn(lan), internalPort: door.port } as const;
      await openPinhole(lan.world, BIN, door.device, request);
    },
    isOpen: (lan) => isReached(lan, door.port, addressOn(lan)),
  };
}

/** The LAN's router lets IPv6 in (an option of the LAN), so the device's address is a way in by itself. */
export function unfiltered(door: Door, grounds: readonly PathGround[]): ClientsWay {
  return {
    name: `unfiltered IPv6 to ${door.device}`,
    paths: known({ family: 6, externalPort: null, leadsTo: [door.device], internalPort: null, grounds }),
    open: async () => undefined,
    isOpen: (lan) => isReached(lan, door.port, globalOf(lan.host(door.device).member)),
  };
}

interface ForwardOptions {
  readonly hairpin: boolean;
  /** Those that answer just like the device. */
  readonly alike?: readonly string[];
  readonly grounds?: readonly PathGround[];
}

/** The owner forwards a port by hand; without `hairpin` nobody inside can tell, unless by the router's own rules. */
export function forwarded(externalPort: number, door: Door, options: ForwardOptions): OwnersWay {
  const { hairpin, alike = [], grounds = hairpin ? ["inside"] : [] } = options;
  const leadsTo = [door.device, ...alike];
  const internalPort = alike.length > 0 ? null : door.port;
  return {
    name: `manual forward ${externalPort} to ${door.device}${hairpin ? "" : " without hairpin"}`,
    paths: known({ family: 4, externalPort, leadsTo, internalPort, grounds }),
    forwardOn: (lan) => ({
      externalPort,
      internalClient: addressOf(lan, door.device),
      internalPort: door.port,
      hairpin,
    }),
    isOpen: (lan) => isReached(lan, externalPort),
  };
}

/** The owner hands one device everything that comes in; with a way back from inside each of its doors answers. */
export function everything(device: string, doors: readonly number[]): OwnersWay {
  return {
    name: `DMZ to ${device}`,
    paths: doors.map((port) => ({
      family: 4,
      externalPort: port,
      leadsTo: [device],
      internalPort: port,
      grounds: ["inside"],
    })),
    forwardOn: (lan) => ({
      externalPort: null,
      internalClient: addressOf(lan, device),
      internalPort: null,
      hairpin: true,
    }),
    isOpen: async (lan) => (await lan.outside.reachable(doors)).length === doors.length,
  };
}

/** Opens them all: each by its client, the owner's together, as they stand on one page of the router. */
export async function openWays(lan: Lan, ways: readonly Way[]): Promise<void> {
  await lan.setForwards(ways.flatMap((way) => ("forwardOn" in way ? [way.forwardOn(lan)] : [])));
  for (const way of ways) if ("open" in way) await way.open(lan);
}

/** Names of those that the outside host gets through. */
export async function openOf(lan: Lan, ways: readonly Way[]): Promise<readonly string[]> {
  const open = await Promise.all(ways.map((way) => way.isOpen(lan)));
  return ways.filter((_, index) => open[index]).map(({ name }) => name);
}

export function pathsOf(ways: readonly Way[]): readonly TruePath[] {
  return ways.flatMap(({ paths }) => paths);
}
