/*
 * All strategies, one line each. To add one, write its file and add its line.
 */
#ifndef QN_STRATEGIES_LIST_H
#define QN_STRATEGIES_LIST_H

/* X(symbol): extern const struct qn_strategy qn_strategy_<symbol>; in the order of the listing. */
#define QN_STRATEGY_LIST(X) \
    X(leak) \
    X(double_send) \
    X(double_send_buffered) \
    X(double_send_wait) \
    X(buffered) \
    X(short_buffer) \
    X(drain) \
    X(close) \
    X(cancel) \
    X(cancel_wait) \
    X(owner_close) \
    X(limited) \
    X(tree_climb) \
    X(tree_root) \
    X(release_at_site) \
    X(release_by_owner) \
    X(no_close) \
    X(close_twice) \
    X(close_unordered) \
    X(close_stops) \
    X(close_mixed) \
    X(cancel_dequeue) \
    X(cancel_callback) \
    X(cancel_signal) \
    X(cancel_thread) \
    X(cancel_thread_bare) \
    X(cancel_close_fd) \
    X(cancel_close_peer) \
    X(close_wakes) \
    X(cancel_grace) \
    X(null)

#endif
