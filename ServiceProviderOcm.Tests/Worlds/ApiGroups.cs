using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>The API groups that the provider is tested with: all of its tests run once for each.</summary>
public static class ApiGroups
{
    public static readonly TestFixtureData[] All =
    [
        new TestFixtureData(new ProviderApi(ProviderApi.DefaultGroup)) { TestName = "openmcp" },
        new TestFixtureData(new ProviderApi(ProviderApi.RenamedGroup)) { TestName = "open_control_plane" },
    ];
}
