using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RequestTurnTests
{
    private readonly RequestTurn _turn = new();
    private readonly List<string> _sent = [];
    private readonly Dictionary<string, TaskCompletionSource<string>> _answers = [];
    private readonly List<Task> _requests = [];

    [Test]
    public async Task One_request_is_in_flight_and_a_write_waits_for_one_read()
    {
        Send(HttpMethod.Get, "list 1");
        Send(HttpMethod.Get, "list 2");
        Send(HttpMethod.Get, "list 3");
        Send(HttpMethod.Get, "discovery");
        Send(HttpMethod.Patch, "write");

        for (var answered = 0; answered < _requests.Count; answered++)
        {
            await Eventually.Async(() => _sent.Count > answered, "the next request is sent");
            Assert.That(_sent, Has.Count.EqualTo(answered + 1));
            _answers[_sent[answered]].SetResult("");
        }

        await Task.WhenAll(_requests);
        Assert.That(_sent, Is.EqualTo(["list 1", "write", "list 2", "list 3", "discovery"]));
    }

    [Test]
    public async Task A_request_that_is_canceled_before_its_turn_is_not_sent_and_one_that_fails_ends_its_turn()
    {
        using var cancel = new CancellationTokenSource();
        Send(HttpMethod.Get, "list");
        var canceled = TakeAsync(HttpMethod.Delete, "canceled", cancel.Token);
        await cancel.CancelAsync();
        Send(HttpMethod.Patch, "write");

        _answers["list"].SetException(new IOException());

        await Assert.ThrowsAsync(Is.InstanceOf<OperationCanceledException>(), () => canceled);
        await Assert.ThrowsAsync<IOException>(() => _requests[0]);
        await Eventually.Async(() => _sent.Count == 2, "the write is sent");
        Assert.That(_sent, Is.EqualTo(["list", "write"]));
    }

    private void Send(HttpMethod method, string name) => _requests.Add(TakeAsync(method, name, default));

    private Task<string> TakeAsync(HttpMethod method, string name, CancellationToken cancellationToken)
    {
        _answers[name] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _turn.TakeAsync(
            new ApiRequest(method, Kinds.Secret, "path"),
            () =>
            {
                _sent.Add(name);
                return _answers[name].Task;
            },
            cancellationToken);
    }
}
