/** The one nftables table that is ours; its family is `inet`. install.sh removes it by this name. */
export const GUARD_TABLE = "komainu_guard";
