using Microsoft.AspNetCore.Http;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>What a request to an API server asks for.</summary>
internal static class ApiRequests
{
    /// <summary>Whether it is a watch.</summary>
    public static bool IsWatch(this HttpContext context) => context.Request.Query["watch"] is ["true"] or ["1"];

    /// <summary>Whether it is a list.</summary>
    public static bool IsList(this HttpContext context) => IsRead(context) && !IsWatch(context) && Segments(context).Length % 2 == 1;

    /// <summary>Whether it is the list of Secrets or ConfigMaps.</summary>
    public static bool IsListOf(this HttpContext context, string plural) => IsList(context) && Segments(context)[^1] == plural;

    /// <summary>Whether it is a watch of these.</summary>
    public static bool IsWatchOf(this HttpContext context, string plural) => IsWatch(context) && Segments(context)[^1] == plural;

    /// <summary>Whether it changes something.</summary>
    public static bool IsWrite(this HttpContext context) => !IsRead(context);

    private static bool IsRead(HttpContext context) => HttpMethods.IsGet(context.Request.Method);

    // What follows /api/v1/ or /apis/GROUP/VERSION/. Collections have an odd number: the plural, or a namespace before it.
    private static string[] Segments(HttpContext context)
    {
        var all = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        return all is ["api", _, ..] ? all[2..] : all is ["apis", _, _, ..] ? all[3..] : [];
    }
}
