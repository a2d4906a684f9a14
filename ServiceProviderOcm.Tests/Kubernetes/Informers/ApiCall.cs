using System.Threading.Channels;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

/// <summary>A list or a watch that waits for the test to answer it.</summary>
public sealed class ApiCall
{
    private readonly TaskCompletionSource<ListPage> _page = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<WatchEvent> _events = Channel.CreateUnbounded<WatchEvent>();

    /// <summary>The request, if it is a list.</summary>
    public ListRequest? List { get; init; }

    /// <summary>The request, if it is a watch.</summary>
    public WatchRequest? Watch { get; init; }

    internal Task<ListPage> Page => _page.Task;

    internal IAsyncEnumerable<WatchEvent> Events => _events.Reader.ReadAllAsync();

    internal TaskCompletionSource Accepted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal TaskCompletionSource Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers a list.</summary>
    public void Answer(ListPage page) => _page.SetResult(page);

    /// <summary>Accepts a watch.</summary>
    public ApiCall Open()
    {
        Accepted.TrySetResult();
        return this;
    }

    /// <summary>Accepts a watch and waits until the caller has heard of it.</summary>
    public Task OpenedAsync()
    {
        Open();
        return Heard.Task;
    }

    /// <summary>Sends events on a watch, accepting it first.</summary>
    public ApiCall Send(params IEnumerable<WatchEvent> events)
    {
        Open();
        foreach (var change in events)
        {
            _events.Writer.TryWrite(change);
        }

        return this;
    }

    /// <summary>Ends a watch as a server does when its time is up.</summary>
    public void End()
    {
        Open();
        _events.Writer.Complete();
    }

    /// <summary>Rejects a list or a watch, or breaks off a watch that was accepted.</summary>
    public void Fail(Exception exception)
    {
        _page.TrySetException(exception);
        Accepted.TrySetException(exception);
        _events.Writer.TryComplete(exception);
    }
}
