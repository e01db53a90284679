"""A program that runs and never becomes ready, in one of several ways.

It prints when it was started, in seconds. The ways are those that a gRPC probe can fail in.
"""

import time

print(time.time(), flush=True)

import socket
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

way = sys.argv[1]
port = int(sys.argv[sys.argv.index('--port') + 1])
held = []
if way == 'silent':
    # Connections are taken, and nobody speaks.
    server = socket.create_server(('', port))
    while True:
        held.append(server.accept())
if way == 'unready':
    server = grpc.server(ThreadPoolExecutor(max_workers=1))
    servicer = health.HealthServicer()
    servicer.set('', health_pb2.HealthCheckResponse.NOT_SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    server.add_insecure_port(f'0.0.0.0:{port}')
    server.start()
# Otherwise nobody listens.
while True:
    time.sleep(60)
