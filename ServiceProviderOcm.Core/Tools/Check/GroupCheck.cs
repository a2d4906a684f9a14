using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Setup.Groups;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Checks which API group is served.</summary>
public static class GroupCheck
{
    private const string Name = "API group";

    /// <summary>Reads the clusters and decides.</summary>
    /// <param name="decideAsync">Reads and decides.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public static async Task<CheckResult> OfAsync(
        Func<CancellationToken, Task<GroupDecision>> decideAsync, CancellationToken cancellationToken)
    {
        try
        {
            return Of(await decideAsync(cancellationToken));
        }
        catch (Exception exception) when (exception is KubeconfigException or KubernetesApiException)
        {
            return CheckResult.Skipped(Name, $"Not determined: {exception.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>The result of a decision.</summary>
    public static CheckResult Of(GroupDecision decision) => decision switch
    {
        GroupDecision.Served { Warnings: [] } served => CheckResult.Ok(Name, Message(served)),
        GroupDecision.Served served => CheckResult.Warning(Name, Message(served), string.Join(' ', served.Warnings)),
        GroupDecision.Undecided undecided => CheckResult.Failed(Name, undecided.Error, undecided.Fix),
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "unknown decision"),
    };

    private static string Message(GroupDecision.Served served) => $"{served.Api.Group} is served: {served.Reason}.";
}
