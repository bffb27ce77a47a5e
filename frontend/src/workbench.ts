import { drafts } from "./drafts.ts";
import { menus } from "./menus.ts";
import { passkeys } from "./passkeys.ts";
import { polls } from "./poll.ts";
import { queue } from "./queue.ts";

drafts();
menus();
passkeys();
polls();
queue();
