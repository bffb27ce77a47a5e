import { menus } from "./menus.ts";
import { polls } from "./poll.ts";

menus();
polls();
