using System.Net;
using System.Text;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>Stands between the controller and one API server, and makes it answer wrongly on demand.</summary>
public sealed class HttpFaults
{
    private volatile Func<HttpRequestMessage, HttpResponseMessage?>? _answer;
    private volatile Action<HttpRequestMessage>? _beforeWrite;
    private int _answered;
    private volatile Action<HttpRequestMessage>? _afterWrite;
    private volatile Func<HttpRequestMessage, Task>? _hold;

    /// <summary>How many requests were answered with an error.</summary>
    public int Answered => _answered;

    /// <summary>A handler for the controller's HTTP pipeline.</summary>
    public DelegatingHandler Handler() => new FaultHandler(this);

    /// <summary>Answers the requests that match with an API error until <see cref="Clear"/>.</summary>
    public void Answer(HttpStatusCode code, string reason, Predicate<HttpRequestMessage> to, TimeSpan? retryAfter = null) =>
        _answer = request => to(request) ? Error(code, reason, retryAfter) : null;

    /// <summary>Called before each write is sent; may throw.</summary>
    public void BeforeWrites(Action<HttpRequestMessage>? action) => _beforeWrite = action;

    /// <summary>Is called after each write has been carried out, before the controller hears of it; may throw.</summary>
    public void AfterWrites(Action<HttpRequestMessage>? action) => _afterWrite = action;

    /// <summary>Sends the writes that match only once a task is done.</summary>
    public void HoldWrites(Task until, Predicate<HttpRequestMessage> which) =>
        _hold = request => which(request) ? until : Task.CompletedTask;

    /// <summary>All is well again.</summary>
    public void Clear()
    {
        _hold = null;
        _answer = null;
        _beforeWrite = null;
        _afterWrite = null;
    }

    private static HttpResponseMessage Error(HttpStatusCode code, string reason, TimeSpan? retryAfter)
    {
        var response = new HttpResponseMessage(code)
        {
            Content = new StringContent(
                $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"made to fail by the test","reason":"{{reason}}","code":{{(int)code}}}""",
                Encoding.UTF8,
                "application/json"),
        };
        if (retryAfter is { } pause)
        {
            response.Headers.RetryAfter = new System.Net.Http.Headers.RetryConditionHeaderValue(pause);
        }

        return response;
    }

    private sealed class FaultHandler(HttpFaults faults) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (faults._answer?.Invoke(request) is { } error)
            {
                Interlocked.Increment(ref faults._answered);
                return error;
            }

            var isWrite = request.Method != HttpMethod.Get;
            if (isWrite)
            {
                faults._beforeWrite?.Invoke(request);
                await (faults._hold?.Invoke(request) ?? Task.CompletedTask).WaitAsync(cancellationToken);
            }

            var response = await base.SendAsync(request, cancellationToken);
            if (isWrite)
            {
                faults._afterWrite?.Invoke(request);
            }

            return response;
        }
    }
}
