package org.vmfinalize.lab;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.MouseButton;

/// How somebody uses the client and the pages in it: by mouse, or by keyboard alone.
interface ClientUser {

    /// Presses a button, a tab, or what opens and closes.
    void press(Locator button);

    /// Selects an object of the inventory.
    void select(Locator treeItem);

    /// Opens the menu of an object of the inventory.
    void openMenu(Locator treeItem);

    /// Chooses an entry of the sub-menu of the menu that is open.
    void choose(Locator menu, Locator entry);

    /// Closes a menu.
    void leaveMenu();

    /// Puts a text in the place of what is in a field.
    void fill(Locator field, String text);

    void check(Locator box);

    static ClientUser of(String hand, Page page) {
        return switch (hand) {
            case "mouse" -> new ByMouse(page);
            case "keyboard" -> new ByKeyboard(page);
            default -> throw new IllegalArgumentException(hand);
        };
    }

    /// Clicks; only text is typed.
    record ByMouse(Page page) implements ClientUser {

        @Override
        public void press(Locator button) {
            button.click();
        }

        @Override
        public void select(Locator treeItem) {
            treeItem.click();
        }

        @Override
        public void openMenu(Locator treeItem) {
            treeItem.click(new Locator.ClickOptions().setButton(MouseButton.RIGHT));
        }

        @Override
        public void choose(Locator menu, Locator entry) {
            menu.hover();
            entry.click();
        }

        @Override
        public void leaveMenu() {
            page.locator("lab-tasks h2").click();
        }

        @Override
        public void fill(Locator field, String text) {
            field.click(new Locator.ClickOptions().setClickCount(3));
            page.keyboard().type(text);
        }

        @Override
        public void check(Locator box) {
            box.click();
        }
    }

    /// Has only keys. Whatever cannot be reached with Tab and arrows it cannot use.
    record ByKeyboard(Page page) implements ClientUser {

        /// More stops than any page has.
        private static final int STOPS = 120;

        private static final String HAS_FOCUS = """
                element => {
                    if (element.ownerDocument.activeElement !== element) return false;
                    let inside = element.ownerDocument.defaultView;
                    for (; inside !== inside.parent; inside = inside.parent) {
                        if (inside.parent.document.activeElement !== inside.frameElement) return false;
                    }
                    return true;
                }""";

        @Override
        public void press(Locator button) {
            go("Tab", button);
            page.keyboard().press("Enter");
        }

        @Override
        public void select(Locator treeItem) {
            go("Tab", page.locator("[role=treeitem][tabindex='0']"));
            String way = (boolean) treeItem.evaluate("""
                    wanted => Boolean(wanted.compareDocumentPosition(document.activeElement)
                        & Node.DOCUMENT_POSITION_FOLLOWING)""") ? "ArrowUp" : "ArrowDown";
            go(way, treeItem);
        }

        @Override
        public void openMenu(Locator treeItem) {
            select(treeItem);
            page.keyboard().press("Shift+F10");
        }

        @Override
        public void choose(Locator menu, Locator entry) {
            go("ArrowDown", menu);
            page.keyboard().press("ArrowRight");
            go("ArrowDown", entry);
            page.keyboard().press("Enter");
        }

        @Override
        public void leaveMenu() {
            page.keyboard().press("Escape");
        }

        @Override
        public void fill(Locator field, String text) {
            go("Tab", field);
            page.keyboard().press("Control+a");
            page.keyboard().type(text);
        }

        @Override
        public void check(Locator box) {
            go("Tab", box);
            page.keyboard().press("Space");
        }

        /// Presses a key until the target has the focus.
        private void go(String key, Locator target) {
            assertThat(target).isEnabled();
            for (int stop = 0; stop < STOPS; stop++) {
                if ((boolean) target.evaluate(HAS_FOCUS)) {
                    return;
                }
                page.keyboard().press(key);
            }
            throw new AssertionError("%s cannot be reached with %s".formatted(target, key));
        }
    }
}
