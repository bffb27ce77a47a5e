import { amounts } from "./amounts.ts";
import { days } from "./days.ts";
import { drafts } from "./drafts.ts";
import { drops } from "./dropping.ts";
import { members } from "./members.ts";
import { menus } from "./menus.ts";
import { named } from "./named.ts";
import { passkeys } from "./passkeys.ts";
import { polls } from "./poll.ts";
import { queue } from "./queue.ts";
import { rows } from "./rows.ts";

drops();
members();
menus();
passkeys();
polls();
queue();
amounts();
days();
named();
rows();
// After the fields are ready to show what a draft puts back.
drafts();
