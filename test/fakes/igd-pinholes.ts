/** The IPv6 pinholes of the router's stand-in: WANIPv6FirewallControl:1, error codes as in the tables of each action. */
import { UpnpError, type Values } from "./igd-table.ts";
import { elementText } from "./soap.ts";

export interface FakePinhole {
  readonly uniqueId: number;
  /** Address that it leads to; nobody else is told about it or may delete it. */
  readonly internalClient: string;
  readonly internalPort: number;
  /** IANA number: 6 or 17. */
  readonly protocol: number;
  readonly packets: number;
}

/**
 * How it answers for a pinhole. `704`: by the letter, and 606 to strangers. `402`: what is not there is an invalid
 * argument, as miniupnpd 2.3.1 says with nftables (measured). `stale`: the same, and after a question for one that is
 * there all others are taken for it until something else is asked, as there too while no port is mapped (measured).
 * `alike`: 606 for every id, since it asks who one is
 * before it looks (the order is left open by WANIPv6FirewallControl:1, 2.6). `no-check`: it has no CheckPinholeWorking,
 * which is optional. `deletes-nothing`: yes, and the pinhole stays; made up after the mappings' one.
 */
export type PinholeManner = "704" | "402" | "stale" | "alike" | "no-check" | "deletes-nothing";

export interface PinholeOptions {
  readonly pinholes?: readonly FakePinhole[];
  readonly pinholeManner?: PinholeManner;
  /** Default: on, and no pinholes allowed. */
  readonly firewall?: { readonly enabled: boolean; readonly pinholeAllowed: boolean };
}

export class PinholeTable {
  list: readonly FakePinhole[];
  readonly #manner: PinholeManner;
  readonly #firewall: { readonly enabled: boolean; readonly pinholeAllowed: boolean };
  readonly #changed: () => void;
  #lastFound: FakePinhole | null = null;

  constructor({ pinholes = [], pinholeManner = "704", firewall }: PinholeOptions, changed: () => void) {
    this.list = pinholes;
    this.#manner = pinholeManner;
    this.#firewall = firewall ?? { enabled: true, pinholeAllowed: false };
    this.#changed = changed;
  }

  act(action: string, body: string, caller: string): Values {
    const text = (name: string): string => elementText(body, name) ?? "";
    const { enabled, pinholeAllowed } = this.#firewall;
    if (action === "GetFirewallStatus") {
      this.#lastFound = null;
      return { FirewallEnabled: enabled ? 1 : 0, InboundPinholeAllowed: pinholeAllowed ? 1 : 0 };
    }
    if (!enabled) throw new UpnpError(702, "FirewallDisabled");
    if (!pinholeAllowed) throw new UpnpError(703, "InboundPinholeNotAllowed");
    if (action === "AddPinhole") return this.#add(text, caller);
    if (this.#manner === "no-check" && action === "CheckPinholeWorking") {
      throw new UpnpError(602, "Optional Action Not Implemented");
    }
    if (!["CheckPinholeWorking", "GetPinholePackets", "DeletePinhole"].includes(action)) {
      throw new UpnpError(401, "Invalid Action");
    }
    return this.#of(this.#find(Number(text("UniqueID")), caller), action);
  }

  #of(pinhole: FakePinhole, action: string): Values {
    if (action === "GetPinholePackets") return { PinholePackets: pinhole.packets };
    if (action === "DeletePinhole") {
      if (this.#manner !== "deletes-nothing") this.list = this.list.filter((each) => each !== pinhole);
      this.#changed();
      return {};
    }
    if (pinhole.packets === 0) throw new UpnpError(709, "NoTrafficReceived");
    return { IsWorking: 1 };
  }

  #find(uniqueId: number, caller: string): FakePinhole {
    if (this.#manner === "alike") throw new UpnpError(606, "Action not authorized");
    const known = this.list.find((each) => each.uniqueId === uniqueId) ?? null;
    const found = known ?? this.#lastFound;
    if (found === null) {
      const isMiniupnpd = this.#manner === "402" || this.#manner === "stale";
      throw isMiniupnpd ? new UpnpError(402, "Invalid Args") : new UpnpError(704, "NoSuchEntry");
    }
    if (this.#manner === "stale") this.#lastFound = found;
    if (found.internalClient !== caller) throw new UpnpError(606, "Action not authorized");
    return found;
  }

  #add(text: (name: string) => string, caller: string): Values {
    const internalPort = Number(text("InternalPort"));
    if (text("InternalClient") !== caller || internalPort < 1024) {
      throw new UpnpError(606, "Action not authorized");
    }
    const uniqueId = 1 + Math.max(0, ...this.list.map((each) => each.uniqueId));
    const protocol = Number(text("Protocol"));
    this.list = [...this.list, { uniqueId, internalClient: caller, internalPort, protocol, packets: 0 }];
    this.#changed();
    return { UniqueID: uniqueId };
  }
}
