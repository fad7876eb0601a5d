/* A fixed answer to every request, at the speed of C: one thread, epoll, keep-alive.
 *
 *     cc -O2 -o fixed_server fixed_server.c && ./fixed_server BODY_FILE
 *
 * Prints its port. `GET /count` answers how many other requests were answered so far.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_SOCKETS = 20000, REQUEST_BYTES = 8192, EVENTS = 512 };

struct connection {
    char received[REQUEST_BYTES];
    size_t size;
};

static struct connection *connections[MOST_SOCKETS];
static char answer[REQUEST_BYTES];
static size_t answer_size;
static long answered;

/* Bytes of the first whole request, or 0 if it is not there yet. */
static size_t request_size(struct connection *c) {
    c->received[c->size] = 0;
    char *end = strstr(c->received, "\r\n\r\n");
    if (!end) return 0;
    char *length = strcasestr(c->received, "\r\ncontent-length:");
    size_t body = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
    size_t whole = (size_t)(end - c->received) + 4 + body;
    return whole <= c->size ? whole : 0;
}

static int send_answer(int socket, struct connection *c) {
    if (!strncmp(c->received, "GET /count ", 11)) {
        char body[32], text[160];
        int size = snprintf(body, sizeof body, "%ld", answered);
        size = snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", size, body);
        return send(socket, text, (size_t)size, MSG_NOSIGNAL) > 0;
    }
    answered++;
    return send(socket, answer, answer_size, MSG_NOSIGNAL) == (ssize_t)answer_size;
}

/* Read and answer what there is; 0 when the connection is over. */
static int serve(int socket) {
    struct connection *c = connections[socket];
    ssize_t got = recv(socket, c->received + c->size, REQUEST_BYTES - 1 - c->size, 0);
    if (got < 0) return errno == EAGAIN;
    if (got == 0) return 0;
    c->size += (size_t)got;
    for (size_t whole; (whole = request_size(c)) > 0;) {
        if (!send_answer(socket, c)) return 0;
        memmove(c->received, c->received + whole, c->size - whole);
        c->size -= whole;
    }
    return c->size < REQUEST_BYTES - 1;
}

static void take(int listener, int poll) {
    for (int one = 1, socket; (socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        if (socket >= MOST_SOCKETS) { close(socket); continue; }
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (!connections[socket]) connections[socket] = malloc(sizeof(struct connection));
        connections[socket]->size = 0;
        struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
        epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event);
    }
}

static void load_answer(const char *path) {
    char body[4096];
    FILE *file = fopen(path, "r");
    if (!file) exit(2);
    size_t size = fread(body, 1, sizeof body, file);
    fclose(file);
    answer_size = (size_t)snprintf(answer, sizeof answer,
        "HTTP/1.1 200 OK\r\nServer: fixed\r\nDate: Sat, 21 Nov 2026 20:16:00 GMT\r\n"
        "Content-Type: application/json\r\nContent-Length: %zu\r\nConnection: keep-alive\r\n\r\n%.*s",
        size, (int)size, body);
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    load_answer(arguments[1]);
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(listener, (struct sockaddr *)&place, size) || listen(listener, 4096)) return 1;
    getsockname(listener, (struct sockaddr *)&place, &size);
    printf("%d\n", ntohs(place.sin_port));
    fflush(stdout);
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[EVENTS];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int socket = events[i].data.fd;
            if (socket == listener) take(listener, poll);
            else if (!serve(socket)) close(socket);
        }
    }
}
