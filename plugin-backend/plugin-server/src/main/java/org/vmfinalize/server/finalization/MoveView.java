package org.vmfinalize.server.finalization;

import org.jspecify.annotations.Nullable;

/// The move of a machine to another datastore, as the API shows it.
///
/// @param id the datastore's managed object id
/// @param name the datastore's name, when it was asked for
/// @param instead whether it takes the place of completing the disks first
/// @param state `waiting`, `moving`, `moved`, `cancelled` or `failed`
/// @param percent how far vCenter's task is
/// @param failure why the machine was not moved, if so
record MoveView(String id, String name, boolean instead, String state, int percent,
        @Nullable String failure) {

    static @Nullable MoveView of(@Nullable Move move, int percent) {
        if (move == null) {
            return null;
        }
        var state = switch (move.step().state()) {
            case WAITING -> "waiting";
            case ASKED -> "moving";
            case DONE -> "moved";
            case CANCELLED -> "cancelled";
            case FAILED -> "failed";
        };
        return new MoveView(move.datastore(), move.name(), move.instead(), state,
                move.wasMoved() ? 100 : percent, move.failure());
    }
}
