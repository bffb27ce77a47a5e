import { menus } from "./menus.ts";
import { passkeys } from "./passkeys.ts";
import { polls } from "./poll.ts";

menus();
passkeys();
polls();
