import { menus } from "./menus.ts";

menus();
