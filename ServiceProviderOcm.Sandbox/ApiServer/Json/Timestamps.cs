using System.Globalization;

namespace ServiceProviderOcm.Sandbox.ApiServer.Json;

/// <summary>The format of timestamps.</summary>
internal static class Timestamps
{
    /// <summary>RFC 3339 in UTC, whole seconds.</summary>
    public static string Of(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
