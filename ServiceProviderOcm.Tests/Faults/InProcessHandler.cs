using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ServiceProviderOcm.Sandbox.ApiServer;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>Sends requests to a server of the sandbox without a network, so that nothing is under way unseen.</summary>
/// <param name="server">The server.</param>
/// <param name="link">Whether the server can be reached.</param>
/// <param name="activity">Counts what is sent.</param>
internal sealed class InProcessHandler(SandboxServer server, Link link, Activity activity) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (link.Cut.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "connection refused");
        }

        cancellationToken.ThrowIfCancellationRequested();
        activity.Began();
        if (request.Method != HttpMethod.Get)
        {
            activity.Wrote();
        }

        var exchange = new Exchange(activity, link.Cut);
        try
        {
            _ = HandleAsync(await ContextAsync(request, exchange, cancellationToken), exchange);
            return await exchange.Answer.WaitAsync(cancellationToken);
        }
        catch
        {
            exchange.Abort();
            throw;
        }
        finally
        {
            activity.Ended();
        }
    }

    private static async Task<HttpContext> ContextAsync(HttpRequestMessage request, Exchange exchange, CancellationToken cancellationToken)
    {
        var context = new DefaultHttpContext();
        var url = request.RequestUri!;
        context.Request.Method = request.Method.Method;
        context.Request.Path = new PathString(Uri.UnescapeDataString(url.AbsolutePath));
        context.Request.QueryString = new QueryString(url.Query);
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            context.Request.Headers[name] = values.ToArray();
        }

        if (request.Content is { } content)
        {
            context.Request.ContentType = content.Headers.ContentType?.ToString();
            context.Request.Body = new MemoryStream(await content.ReadAsByteArrayAsync(cancellationToken));
        }

        context.Response.Body = exchange.ServerStream;
        context.Features.Set<IHttpRequestLifetimeFeature>(exchange);
        exchange.Context = context;
        return context;
    }

    private async Task HandleAsync(HttpContext context, Exchange exchange)
    {
        await Task.Yield();
        try
        {
            await server.HandleAsync(context, exchange.RequestAborted);
            exchange.Complete(null);
        }
        catch (Exception exception)
        {
            exchange.Complete(exception);
        }
    }

    private sealed class Exchange : IHttpRequestLifetimeFeature
    {
        private readonly CancellationTokenSource _aborted;
        private readonly Transit _transit;
        private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));
        private readonly TaskCompletionSource<HttpResponseMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exchange(Activity activity, CancellationToken cut)
        {
            _aborted = CancellationTokenSource.CreateLinkedTokenSource(cut);
            RequestAborted = _aborted.Token;
            _transit = activity.Open();
            ServerStream = new NotifyingStream(_pipe.Writer.AsStream(), _transit, Begin, () => { });
            ClientStream = new NotifyingStream(_pipe.Reader.AsStream(), _transit, () => { }, Abort);
        }

        public Stream ServerStream { get; }

        public HttpContext? Context { get; set; }

        public CancellationToken RequestAborted { get; set; }

        public Task<HttpResponseMessage> Answer => _answer.Task;

        private Stream ClientStream { get; }

        public void Abort()
        {
            _transit.Close();
            try
            {
                _aborted.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The request has been handled.
            }

            _pipe.Writer.CancelPendingFlush();
            _pipe.Reader.CancelPendingRead();
            _answer.TrySetException(new HttpRequestException("the connection was aborted"));
        }

        public void Complete(Exception? exception)
        {
            // Else it would be kept as long as the link.
            _aborted.Dispose();
            if (RequestAborted.IsCancellationRequested || exception is not null)
            {
                _answer.TrySetException(exception ?? new HttpRequestException("the connection was aborted"));
                _pipe.Writer.Complete(new IOException("the connection was aborted", exception));
                return;
            }

            Begin();
            _pipe.Writer.Complete();
        }

        // The first byte of the answer: its head is complete.
        private void Begin()
        {
            if (_answer.Task.IsCompleted)
            {
                return;
            }

            var response = Context!.Response;
            var answer = new HttpResponseMessage((HttpStatusCode)response.StatusCode) { Content = new TransitContent(ClientStream, _transit) };
            foreach (var (name, values) in response.Headers)
            {
                if (!answer.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                {
                    answer.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
                }
            }

            _answer.TrySetResult(answer);
        }
    }
}
