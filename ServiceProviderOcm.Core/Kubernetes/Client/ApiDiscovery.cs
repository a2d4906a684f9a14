using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Discovers what an API server serves.</summary>
internal sealed class ApiDiscovery(ApiTransport transport)
{
    /// <summary>In which versions a kind is served; none if it is not.</summary>
    public async Task<IReadOnlyList<string>> GetServedVersionsAsync(ResourceKind kind, CancellationToken cancellationToken)
    {
        List<string> served = [];
        foreach (var version in await GroupVersionsAsync(kind, cancellationToken))
        {
            if (await HasKindAsync(kind with { Version = version }, cancellationToken))
            {
                served.Add(version);
            }
        }

        return served;
    }

    /// <summary>
    /// The kinds of a group that can be listed, each in the first version that has it. One request where the server has aggregated
    /// discovery (Kubernetes 1.27); else one more for each version of the group.
    /// </summary>
    public async Task<IReadOnlyList<ResourceKind>> DiscoverAsync(string group, CancellationToken cancellationToken)
    {
        var kind = new ResourceKind(group, "", "", "");
        var groups = new ApiRequest(HttpMethod.Get, kind, "apis") { Accept = GroupDiscovery.Accepted };
        var (versions, kinds) = await transport.SendAsync(
            groups,
            (answer, _) => GroupDiscovery.ReadGroups(group, answer),
            cancellationToken);
        foreach (var version in versions)
        {
            kinds.AddRange(await transport.SendAsync(
                new ApiRequest(HttpMethod.Get, kind, $"apis/{group}/{version}"),
                (answer, _) => GroupDiscovery.ReadResources(group, version, answer),
                cancellationToken));
        }

        try
        {
            return GroupDiscovery.Preferred(kinds);
        }
        catch (TooLongException tooLong)
        {
            throw transport.ErrorOf(groups, tooLong);
        }
    }

    /// <summary>
    /// What a 404 for a whole kind is to be taken for. What stands before an API server, or in its place, may answer 404 to anything.
    /// That a kind is not served empties stores, so it is believed only of a server that knows its kinds and has not this one among them.
    /// </summary>
    public async Task<KubernetesApiException> ConfirmAsync(
        ResourceKind kind, KubernetesApiException notFound, CancellationToken cancellationToken)
    {
        try
        {
            if (kind.Group.Length > 0 && await IsMissingAsync(kind, cancellationToken))
            {
                return notFound;
            }
        }
        catch (KubernetesApiException exception) when (!exception.IsNotFound)
        {
            return exception;
        }
        catch (KubernetesApiException)
        {
            // Not even an API server's list of groups is there.
        }

        return ApiErrors.UnconfirmedNotFound(kind, notFound);
    }

    private async Task<bool> IsMissingAsync(ResourceKind kind, CancellationToken cancellationToken) =>
        !(await GroupVersionsAsync(kind, cancellationToken)).Contains(kind.Version) || !await HasKindAsync(kind, cancellationToken);

    private async Task<List<string>> GroupVersionsAsync(
        ResourceKind kind, CancellationToken cancellationToken) => await transport.SendAsync(
        new ApiRequest(HttpMethod.Get, kind, "apis"),
        (groups, _) => groups.Text("kind") == "APIGroupList"
            ? groups.Items("groups")
                .Where(group => group.Text("name") == kind.Group)
                .SelectMany(group => group.Items("versions"))
                .Select(version => version.Text("version"))
                .OfType<string>()
                .ToList()
            : throw new JsonException("not a list of groups"),
        cancellationToken);

    // What is no list of resources does not say that the kind is missing.
    private async Task<bool> HasKindAsync(ResourceKind kind, CancellationToken cancellationToken) => await transport.SendAsync(
        new ApiRequest(HttpMethod.Get, kind, $"apis/{kind.ApiVersion}"),
        (resources, _) => resources.Text("kind") != "APIResourceList"
            || resources.Items("resources").Any(resource => resource.Text("name") == kind.Plural),
        cancellationToken);
}
